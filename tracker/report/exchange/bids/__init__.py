"""Recordings as a dataset of BIDS with the Motion extension: raw samples for other research software.

BIDS 1.10, Motion-BIDS (Jeung et al., Scientific Data 11, 2024; doi 10.1038/s41597-024-03559-8).
"""

from tracker.report.exchange.bids.dataset import export_bids_motion

__all__ = ["export_bids_motion"]
