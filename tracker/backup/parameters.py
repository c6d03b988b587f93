"""When automatic backups are made, and how many are kept."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BackupParameters:
    """Of the copies in the folder `backups`.

    Attributes:
        automatic: make them; those before a migration are made in any case.
        every_days: a new one once the newest is as old as this.
        weekly_kept: the newest ones that are all kept.
        monthly_kept: months of which the newest one is kept; of each year one is kept for ever.
        before_migration_kept: copies made before the tables were changed.
    """

    automatic: bool = True
    every_days: float = field(default=7.0, metadata={"above": 0.0, "below": 4000.0})
    weekly_kept: int = field(default=8, metadata={"above": 0})
    monthly_kept: int = 12
    before_migration_kept: int = field(default=3, metadata={"above": 0})
