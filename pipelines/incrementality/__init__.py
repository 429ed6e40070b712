"""What social media caused: revenue that would not have come otherwise, with its interval and its evidence.

Credit says who touched a buyer. What would have been lost is another question, answered here from all that bears on
it: lift tests, what the days show, and credit itself, each believed as far as the tests bear it out
(docs/incrementality.md).
"""

from __future__ import annotations

from pipelines.incrementality.estimate import estimate
from pipelines.incrementality.evidence import Credit, CreditedDays, Estimate, Evidence, LiftTest, Panel, Part
from pipelines.incrementality.step import compute

__all__ = ["Credit", "CreditedDays", "Estimate", "Evidence", "LiftTest", "Panel", "Part", "compute", "estimate"]
