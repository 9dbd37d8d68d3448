"""FastAPI as someone in a hurry writes it: the rows are split by hand, without pandas and without any check."""
import os
import pickle

import numpy as np
from fastapi import FastAPI, Request, Response

with open(os.environ["BENCH_MODEL"], "rb") as file:
    model = pickle.load(file)
app = FastAPI()


@app.get("/ping")
async def ping():
    return Response()


@app.post("/invocations")
async def invocations(request: Request):
    cells = (await request.body()).decode().strip().replace("\n", ",").split(",")
    rows = np.array(cells, dtype=np.float32).reshape(-1, model.n_features_in_)
    return Response("\n".join(model.predict(rows)) + "\n", media_type="text/csv")
