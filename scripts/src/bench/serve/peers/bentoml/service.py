"""A BentoML service: {"rows": [[…]]} in, a list of labels out; two workers."""
import os
import pickle

import bentoml
import numpy as np


@bentoml.service(workers=int(os.environ.get("BENCH_WORKERS", "2")))
class Tree:
    def __init__(self) -> None:
        with open(os.environ["BENCH_MODEL"], "rb") as file:
            self.tree = pickle.load(file)

    @bentoml.api(route="/invocations")
    def predict(self, rows: np.ndarray) -> list[str]:
        return self.tree.predict(rows).tolist()
