"""Rebuilds the container's tree as scikit-learn's own, so that every contender answers the same labels.

    python build_tree.py model.json tree.pkl
"""
import json
import pickle
import sys

import numpy as np
from sklearn.tree import DecisionTreeClassifier
from sklearn.tree._tree import Tree

model = json.load(open(sys.argv[1]))
nodes = []
values = []


def add(node):
    """Appends a node and those below it, the left one first, as scikit-learn orders them; returns index and depth."""
    index = len(nodes)
    nodes.append(None)
    values.append(None)
    if "counts" in node:
        counts = np.asarray(node["counts"], dtype=float)
        nodes[index] = (-1, -1, -2, -2.0, counts.sum())
        values[index] = counts / counts.sum()
        return index, 0
    left, left_depth = add(node["below"])
    right, right_depth = add(node["above"])
    total = nodes[left][4] + nodes[right][4]
    # The container goes left for x < threshold, scikit-learn for float32(x) <= threshold: the payloads have four
    # decimals, so half of the last one apart is the same question.
    nodes[index] = (left, right, node["column"], node["threshold"] - 0.00005, total)
    values[index] = (values[left] * nodes[left][4] + values[right] * nodes[right][4]) / total
    return index, 1 + max(left_depth, right_depth)


_, depth = add(model["tree"])
classes = np.asarray(model["classes"])
classifier = DecisionTreeClassifier()
# A fit on anything sets what scikit-learn checks; the tree is then replaced.
classifier.fit(np.zeros((len(classes), model["columns"])), classes)
state = classifier.tree_.__getstate__()
table = np.zeros(len(nodes), dtype=state["nodes"].dtype)
for row, (left, right, column, threshold, count) in zip(table, nodes):
    row["left_child"], row["right_child"], row["feature"], row["threshold"] = left, right, column, threshold
    row["n_node_samples"] = row["weighted_n_node_samples"] = count
tree = Tree(model["columns"], np.array([len(classes)], dtype=np.intp), 1)
tree.__setstate__(
    {"max_depth": depth, "node_count": len(nodes), "nodes": table, "values": np.array(values)[:, None, :]}
)
# The classes as the model file orders them, which is the order of the counts.
classifier.classes_ = classes
classifier.tree_ = tree
with open(sys.argv[2], "wb") as file:
    pickle.dump(classifier, file)
