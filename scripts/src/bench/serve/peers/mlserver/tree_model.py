"""A custom MLServer runtime: a V2 tensor of rows in, the labels as a V2 tensor out."""
import os
import pickle

from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class TreeModel(MLModel):
    async def load(self) -> bool:
        with open(os.environ["BENCH_MODEL"], "rb") as file:
            self.tree = pickle.load(file)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        labels = self.tree.predict(NumpyCodec.decode_input(payload.inputs[0]))
        output = StringCodec.encode_output("labels", labels.tolist())
        return InferenceResponse(model_name=self.name, outputs=[output])
