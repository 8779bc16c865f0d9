/// The limits of `Protos/dragoman/v1/dragoman.proto` that no one can configure, in bytes where not said otherwise.
enum Limit {
    static let correlation = 64
    static let digest = 32
    /// Models, workers and consumers.
    static let name = 128
    static let language = 35
    /// Sets of an offer, and languages in all of them.
    static let languageSets = 256
    static let languages = 4000
    static let tenant = 64
    static let topic = 255
    static let trace = 128
    /// Why a model is not available.
    static let reason = 1000
    /// Ids in one request.
    static let jobs = 1000
}
