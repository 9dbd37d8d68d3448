"""The predictor of the AWS sample's stack: Flask, pandas in and out, the model loaded at the first use."""
import io
import os
import pickle

import flask
import pandas as pd

app = flask.Flask(__name__)
model = None


def get_model():
    global model
    if model is None:
        with open(os.environ["BENCH_MODEL"], "rb") as file:
            model = pickle.load(file)
    return model


@app.route("/ping", methods=["GET"])
def ping():
    return flask.Response("\n", 200 if get_model() is not None else 404, mimetype="application/json")


@app.route("/invocations", methods=["POST"])
def invocations():
    if flask.request.content_type != "text/csv":
        return flask.Response("This predictor only supports CSV data", 415, mimetype="text/plain")
    rows = pd.read_csv(io.StringIO(flask.request.data.decode("utf-8")), header=None)
    answer = io.StringIO()
    pd.DataFrame({"results": get_model().predict(rows)}).to_csv(answer, header=False, index=False)
    return flask.Response(answer.getvalue(), 200, mimetype="text/csv")
