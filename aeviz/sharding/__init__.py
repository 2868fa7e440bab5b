"""Transform folders of shards by a run, with several processes or on a cluster."""

from typing import TYPE_CHECKING

from aeviz.core.lazy import lazy_exports

if TYPE_CHECKING:
    from aeviz.sharding._fast_networks import Agreement
    from aeviz.sharding.transform import ShardOptions, ShardsResult, transform_shards
else:
    __getattr__, __dir__ = lazy_exports(__name__)

__all__ = ["Agreement", "ShardOptions", "ShardsResult", "transform_shards"]
