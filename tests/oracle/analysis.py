"""Makes analysis_*.npy and the numbers of tests/check_analysis.c that are scikit-learn's (1.2.1):
    scaledown dataset --out data && python3 analysis.py data"""
import sys
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.manifold import trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn, _kl_divergence_bh
from sklearn.neighbors import NearestNeighbors
from sklearn.preprocessing import StandardScaler

x, y, x_test, y_test = (np.load(f"{sys.argv[1]}/{name}.npy") for name in ("x", "y", "x_test", "y_test"))
scaler = StandardScaler().fit(x.astype("f8"))
for name, options in (("stopped", dict(tol=1e-2, max_iter=1000)), ("optimum", dict(tol=1e-11, max_iter=100000, solver="newton-cg"))):
    probe = LogisticRegression(**options).fit(scaler.transform(x.astype("f8")), y)
    print(name, probe.n_iter_, "right", (probe.predict(scaler.transform(x_test.astype("f8"))) == y_test).sum())
    np.save(f"analysis_probe_{name}.npy", np.hstack([probe.coef_.ravel(), probe.intercept_]))

rows = x[:500].astype("f8")
plane = np.ascontiguousarray(10 * rows[:, :2])
for metric in "euclidean", "cosine":
    print("trustworthiness", metric, repr(trustworthiness(rows, plane, n_neighbors=12, metric=metric)))
graph = NearestNeighbors(n_neighbors=90).fit(rows).kneighbors_graph(mode="distance")
graph.data **= 2
graph.sort_indices()
kl, gradient = _kl_divergence_bh(plane.ravel(), _joint_probabilities_nn(graph, 30, 0), 1, 500, 2, angle=0.0)
print("kl", repr(kl))
