/// Mistakes that the broker is made to make, so that we know that they would be seen.
enum Sabotage: CaseIterable {
    /// An answer of the store is forgotten.
    case losesCommitAnswer
    /// ACCEPTED goes out before the job is on the disk.
    case acceptsBeforeCommit
    /// The disk says that it has synced, and has not.
    case liesAboutSync
    /// A record has its successor's number.
    case renumbersRecord
    /// A record is not sent, and those after it are.
    case skipsRecord
    /// Two chunks' texts are exchanged.
    case swapsTexts
    /// A chunk's result is taken for another's.
    case forgetsLease
    /// A worker that dies costs all its chunks an attempt.
    case chargesBystanders
    /// A job that has ended may begin again.
    case forgetsEndedJobs
    /// The queue takes what it is given.
    case admitsEverything
    /// Leases go by the wall clock.
    case leasesByTheWall
    /// Records age by the wall clock.
    case agesByTheWall
    /// A worker's death goes unnoticed.
    case neverLosesWorkers
}
