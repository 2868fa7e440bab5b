/**
 * Draw points with WebGL: one context for all maps, each of which takes a copy of what was drawn.
 *
 * Why not one context per map: browsers lose the oldest beyond sixteen. Why not a library: it draws
 * one kind of thing, in one shader.
 */

const VERTEX = `#version 300 es
in vec2 position;
in vec2 target;
in vec4 color;
in float state;
uniform vec2 factor, summand, targetFactor, targetSummand;
uniform float progress, size, opacity, least;
uniform float drawn; // 0: all that is shown, 1: what is not selected, 2: what is
out vec4 shade;
out vec2 form; // the kind of a sample and its size
void main() {
  float kind = floor(state / 4.0);
  float choice = state - 4.0 * kind;
  bool isLeft = choice < 0.5 || (drawn > 0.5 && (choice > 1.5) != (drawn > 1.5));
  form = kind < 0.5 ? vec2(0.0, size) : vec2(kind, max(1.8 * size, least) * (kind < 1.5 ? 1.0 : 1.3));
  vec2 at = mix(factor * position + summand, targetFactor * target + targetSummand, progress);
  gl_Position = isLeft ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(at, 0.0, 1.0);
  gl_PointSize = form.y + 1.0; // room for half a pixel of edge all round
  shade = vec4(color.rgb, kind < 0.5 ? opacity : min(1.0, 2.0 * opacity));
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 shade;
in vec2 form;
uniform vec3 edge;
uniform float line;
out vec4 pixel;
void main() {
  vec2 at = abs(gl_PointCoord - 0.5) * (form.y + 1.0);
  float reach = 0.5 * form.y;
  float inside; // pixels from the edge: of a disc, of a diamond, of a cross with wide arms
  if (form.x < 0.5) inside = reach - length(at);
  else if (form.x < 1.5) inside = (reach - at.x - at.y) * 0.7071;
  else {
    vec2 arm = vec2(at.x + at.y, abs(at.x - at.y)) * 0.7071;
    vec2 ends = vec2(1.054, 0.36) * reach;
    vec2 along = ends - arm, across = ends - arm.yx;
    inside = max(min(along.x, along.y), min(across.x, across.y));
  }
  float alpha = shade.a * clamp(inside + 0.5, 0.0, 1.0);
  vec3 color = form.x < 0.5 ? shade.rgb : mix(edge, shade.rgb, clamp(inside - line + 0.5, 0.0, 1.0));
  pixel = vec4(color * alpha, alpha);
}`;

const NO_MARKER: NonNullable<Style["marker"]> = { least: 0, edge: [0, 0, 0], line: 0 };

export interface Clip {
  factor: [number, number];
  summand: [number, number];
}

export interface Style {
  size: number;
  opacity: number;
  /** Opacity of what is not selected where something is. */
  faint: number;
  hasSelection: boolean;
  /** Draw one point per this many, at most 32. */
  every: number;
  /** How new samples stand out: their minimum size, the colour 0..1 and the width of their edge. */
  marker?: { least: number; edge: [number, number, number]; line: number };
}

/** Coordinates of one embedding, interleaved x and y, 0..65535. */
export interface Cloud {
  coordinates: Uint16Array;
  buffer: WebGLBuffer | null;
}

export class Renderer {
  private program!: WebGLProgram;
  private colors: Uint8Array;
  private states: Uint8Array;
  private buffers = new Map<string, WebGLBuffer>();
  private readonly clouds: Cloud[] = [];
  private readonly uniforms = new Map<string, WebGLUniformLocation | null>();

  private constructor(
    private readonly gl: WebGL2RenderingContext,
    nSamples: number,
    private readonly onRestored: () => void,
  ) {
    this.colors = new Uint8Array(4 * nSamples);
    this.states = new Uint8Array(nSamples).fill(1);
    this.start();
    gl.canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    gl.canvas.addEventListener("webglcontextrestored", () => {
      this.start();
      for (const cloud of this.clouds) cloud.buffer = this.buffered(cloud.coordinates);
      this.onRestored();
    });
  }

  /** A renderer, or null where there is no WebGL 2 that works. */
  static create(nSamples: number, onRestored: () => void): Renderer | null {
    const options = { antialias: false, depth: false, premultipliedAlpha: true };
    try {
      const gl = new OffscreenCanvas(1, 1).getContext("webgl2", options);
      return gl ? new Renderer(gl, nSamples, onRestored) : null;
    } catch {
      return null;
    }
  }

  cloud(coordinates: Uint16Array): Cloud {
    const cloud = { coordinates, buffer: this.buffered(coordinates) };
    this.clouds.push(cloud);
    return cloud;
  }

  /** Change the coordinates of a cloud. */
  move(cloud: Cloud, coordinates: Uint16Array): void {
    this.gl.deleteBuffer(cloud.buffer);
    cloud.coordinates = coordinates;
    cloud.buffer = this.buffered(coordinates);
  }

  setColors(colors: Uint8Array): void {
    this.colors = colors;
    this.fill("color", colors);
  }

  setStates(states: Uint8Array): void {
    this.states = states;
    this.fill("state", states);
  }

  /** Draw a cloud, on its way to another by `progress`, and hand it to a canvas. */
  draw(
    onto: ImageBitmapRenderingContext,
    [cloud, clip]: [Cloud, Clip],
    style: Style,
    [target, targetClip, progress]: [Cloud, Clip, number] = [cloud, clip, 0],
  ): void {
    const { gl } = this;
    const { width, height } = onto.canvas;
    if (!width || !height || gl.isContextLost()) return;
    if (gl.canvas.width !== width) gl.canvas.width = width;
    if (gl.canvas.height !== height) gl.canvas.height = height;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.point(cloud, target, style.every);
    gl.uniform2f(this.uniform("factor"), ...clip.factor);
    gl.uniform2f(this.uniform("summand"), ...clip.summand);
    gl.uniform2f(this.uniform("targetFactor"), ...targetClip.factor);
    gl.uniform2f(this.uniform("targetSummand"), ...targetClip.summand);
    gl.uniform1f(this.uniform("progress"), progress);
    gl.uniform1f(this.uniform("size"), style.size);
    const { least, edge, line } = style.marker ?? NO_MARKER;
    gl.uniform1f(this.uniform("least"), least);
    gl.uniform1f(this.uniform("line"), line);
    gl.uniform3f(this.uniform("edge"), ...edge);
    // An embedding that could not transform new samples is without them.
    const nPoints = Math.min(cloud.coordinates.length, target.coordinates.length) / 2;
    const passes = style.hasSelection ? [1, 2] : [0];
    for (const drawn of passes) {
      gl.uniform1f(this.uniform("opacity"), drawn === 1 ? style.faint : style.opacity);
      gl.uniform1f(this.uniform("drawn"), drawn);
      gl.drawArrays(gl.POINTS, 0, Math.ceil(nPoints / style.every));
    }
    onto.transferFromImageBitmap((gl.canvas as OffscreenCanvas).transferToImageBitmap());
  }

  private start(): void {
    const { gl } = this;
    this.program = linked(gl);
    gl.useProgram(this.program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    this.buffers.clear();
    this.uniforms.clear();
    this.fill("color", this.colors);
    this.fill("state", this.states);
  }

  /** Bind the shader's inputs, with a stride of `every` samples. */
  private point(cloud: Cloud, target: Cloud, every: number): void {
    const { gl, buffers } = this;
    this.attribute("position", cloud.buffer, [2, gl.UNSIGNED_SHORT, 4 * every], true);
    this.attribute("target", target.buffer, [2, gl.UNSIGNED_SHORT, 4 * every], true);
    this.attribute("color", buffers.get("color")!, [4, gl.UNSIGNED_BYTE, 4 * every], true);
    this.attribute("state", buffers.get("state")!, [1, gl.UNSIGNED_BYTE, every], false);
  }

  private fill(name: string, values: Uint8Array): void {
    const { gl } = this;
    let buffer = this.buffers.get(name);
    if (!buffer) {
      buffer = gl.createBuffer();
      this.buffers.set(name, buffer);
    }
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  }

  private buffered(values: Uint16Array): WebGLBuffer {
    const { gl } = this;
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.STATIC_DRAW);
    return buffer;
  }

  private attribute(
    name: string,
    buffer: WebGLBuffer | null,
    [size, type, strideBytes]: [number, number, number],
    isNormalized: boolean,
  ): void {
    const { gl } = this;
    const location = gl.getAttribLocation(this.program, name);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(location);
    gl.vertexAttribPointer(location, size, type, isNormalized, strideBytes, 0);
  }

  private uniform(name: string): WebGLUniformLocation | null {
    if (!this.uniforms.has(name))
      this.uniforms.set(name, this.gl.getUniformLocation(this.program, name));
    return this.uniforms.get(name)!;
  }
}

function linked(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram();
  for (const [type, source] of [
    [gl.VERTEX_SHADER, VERTEX],
    [gl.FRAGMENT_SHADER, FRAGMENT],
  ] as const) {
    const shader = gl.createShader(type)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`the shader does not link: ${gl.getProgramInfoLog(program)}`);
  return program;
}

/** Diameter in CSS pixels and opacity for so many points in a map so wide, as figures have them. */
export function pointStyle(nSamples: number, widthPx: number, zoom: number): [number, number] {
  const clip = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));
  const n = Math.max(nSamples, 1);
  const diameter = clip(4.6 * (1800 / n) ** 0.36, 1.25, 8) * clip(widthPx / 480, 0.6, 1.6);
  const opacity = clip(0.85 * (4000 / n) ** 0.22, 0.45, 0.85);
  // Zoomed in, fewer points are in view, which may be larger and stronger.
  const nearness = Math.max(1, zoom);
  return [Math.min(14, diameter * nearness ** 0.35), Math.min(0.95, opacity * nearness ** 0.2)];
}
