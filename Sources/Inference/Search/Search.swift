/// The decoding of one segment, step by step. The replica computes what `appendRows` asks for, shows the logits row by
/// row, and calls `advance`, until that says that the search is over.
package protocol Search: AnyObject {
    /// How many rows `appendRows` will add.
    var rowCount: Int { get }

    /// Adds the rows of the next step.
    func appendRows(to batch: inout [DecoderRow])

    /// Reads the logits of the step's row `index`; they may be overwritten.
    func read(_ logits: UnsafeMutablePointer<Float>, row index: Int, scratch: SearchScratch)

    /// Ends the step. Returns whether the search is over.
    func advance() -> Bool

    /// The hypotheses, best first (samples: in the order drawn); empty when the constraints allowed none.
    func hypotheses() -> [Hypothesis]
}
