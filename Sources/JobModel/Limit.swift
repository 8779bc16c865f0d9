/// The limits of `Protos/dragoman/v1/dragoman.proto` that no one can configure, in bytes where not said otherwise.
public enum Limit {
    public static let correlation = 64
    public static let digest = 32
    /// Models, workers, consumers and glossaries.
    public static let name = 128
    public static let language = 35
    /// Sets of an offer, and languages in all of them.
    public static let languageSets = 256
    public static let languages = 4000
    public static let tenant = 64
    public static let topic = 255
    public static let trace = 128
    /// Why a model is not available.
    public static let reason = 1000
    /// Ids in one request.
    public static let jobs = 1000
}
