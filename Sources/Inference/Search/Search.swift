package import CKernels

/// The decoding of one segment, step by step. The replica computes what `appendRows` asks for, shows the logits or what
/// is best of them row by row, and calls `advance`, until that says that the search is over.
package protocol Search: AnyObject {
    /// How many rows `appendRows` will add.
    var rowCount: Int { get }

    /// Adds the rows of the next step.
    func appendRows(to batch: inout [DecoderRow])

    /// How many of its best tokens are all that the search has to know of the step's row `index`; nil when it wants the
    /// logits themselves.
    func bestCount(row index: Int) -> Int?

    /// Whether the best allowed token is all that the search has to know, not its log-probability, for which the sum of all
    /// exponentials is needed.
    var takesBest: Bool { get }

    /// Whether the constraints forbid a token at the row that is read next; asked of searches that take the best one.
    func forbids(_ token: Int32) -> Bool

    /// Reads the best tokens of the step's row `index`, as many as `bestCount` asked for.
    func read(_ summary: UnsafePointer<dragoman_summary>, row index: Int, scratch: SearchScratch)

    /// Reads the logits of the step's row `index`; they may be overwritten.
    func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch)

    /// Ends the step. Returns whether the search is over.
    func advance() -> Bool

    /// The hypotheses, best first (samples: in the order drawn); empty when the constraints allowed none.
    func hypotheses() -> [TokenHypothesis]
}

extension Search {
    package var takesBest: Bool { false }

    package func forbids(_ token: Int32) -> Bool { false }
}
