"""FastAPI as most write it: pandas reads the rows and writes the labels."""
import io
import os
import pickle

import pandas as pd
from fastapi import FastAPI, Request, Response

with open(os.environ["BENCH_MODEL"], "rb") as file:
    model = pickle.load(file)
app = FastAPI()


@app.get("/ping")
async def ping():
    return Response()


@app.post("/invocations")
async def invocations(request: Request):
    rows = pd.read_csv(io.BytesIO(await request.body()), header=None)
    labels = pd.DataFrame({"results": model.predict(rows)})
    return Response(labels.to_csv(header=False, index=False), media_type="text/csv")
