package import JobModel

extension Record {
    /// What its envelope takes, in bytes, without encoding it: never less, and some tens of bytes a record more.
    package var wireSizeBound: Int {
        var size = 0
        return size
    }
}
