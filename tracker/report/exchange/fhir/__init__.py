"""Results as a bundle of HL7 FHIR R4 for medical records: rest tests, sessions, plan, how it felt."""

from tracker.report.exchange.fhir.bundle import export_fhir

__all__ = ["export_fhir"]
