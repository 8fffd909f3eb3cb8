"""How the bundled models were trained: data made or written here, numpy only, a fixed seed each.

`python -m localhub.bundled.training [NAME ...]` trains all or some again and writes their folders' weights. The same
numpy on the same kind of processor writes the same bytes; elsewhere sums may round differently.
"""
