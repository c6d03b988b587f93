"""Orientations and hip rotation as tables of OpenSim, for its OpenSense tools.

Al Borno et al., OpenSense, J. NeuroEng. Rehabil. 19:22, 2022; doi 10.1186/s12984-022-01001-x.
"""

from tracker.report.exchange.opensim.tables import export_opensim

__all__ = ["export_opensim"]
