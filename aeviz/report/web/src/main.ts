/** Bring the report to life; without this script its static figures stand. */
export {};
