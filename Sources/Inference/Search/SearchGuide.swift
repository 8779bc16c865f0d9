/// What the outputs of a search must have, and how far a hypothesis is with it.
package protocol SearchGuide: Sendable {
    /// How much of it a hypothesis has.
    associatedtype Progress: Sendable

    /// That of an output without tokens.
    var start: Progress { get }
    /// The highest of the banks, which begin with 0.
    var weight: Int { get }

    /// How much of it a hypothesis has, as a number; by this it competes with others.
    func bank(_ progress: Progress) -> Int
    /// Whether the output may end; where it is not open, it must.
    func isComplete(_ progress: Progress) -> Bool
    /// The tokens that bring a hypothesis further. They may be named twice.
    func next(_ progress: Progress) -> [Int32]
    /// Whether other tokens may come.
    func isOpen(_ progress: Progress) -> Bool
    /// Whether a certain one of those may come.
    func allows(_ token: Int32, _ progress: Progress) -> Bool
    /// What a hypothesis has done that it should rather not, as a log-probability: of two that are about as likely, it is not
    /// the better one.
    func penalty(_ progress: Progress) -> Float
    /// Takes a token into account.
    ///
    /// - Parameter isPrompt: Whether the search was given it.
    func advance(_ progress: inout Progress, by token: Int32, isPrompt: Bool)
}

extension RequiredPhrases: SearchGuide {
    package var start: Progress { Progress() }
    package func isOpen(_ progress: Progress) -> Bool { true }
    package func allows(_ token: Int32, _ progress: Progress) -> Bool { true }
    package func penalty(_ progress: Progress) -> Float { 0 }

    package func advance(_ progress: inout Progress, by token: Int32, isPrompt: Bool) { advance(&progress, by: token) }
}
