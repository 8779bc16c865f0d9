import Inference
import Text
import Translations

/// What became of a segment that the model was given.
struct DecodedSegment: Sendable {
    /// The search whose hypotheses these are.
    var job: SegmentJob
    /// Best first.
    var hypotheses: [TokenHypothesis]
    /// What the model was given for it.
    var input: ModelInput
    /// What the model has written, of each hypothesis.
    let outputs: [String]
    /// The same with all protected text in it; without what was left outside.
    var texts: [String]
    /// How one becomes the other; none where they are the same.
    var restorations: [SpanRestoration] = []
    /// Of the spans that the model was given.
    var fates: [Translation.Segment.Span.Fate] = []
    /// What became of the terms of the segment.
    var terms: [Translation.Segment.Term] = []
    /// What has put targets into the texts, after the restorations; none where the segment has no terms.
    var termEdits: [[TextEdit]] = []
    var suspicion: Translation.Segment.Suspicion?

    init(_ job: SegmentJob, _ input: ModelInput, _ hypotheses: [TokenHypothesis], outputs: [String]) {
        self.job = job
        self.input = input
        self.hypotheses = hypotheses
        self.outputs = outputs
        texts = outputs
    }
}

/// A segment that is decoded again.
struct SecondPass: Sendable {
    var job: SegmentJob
    var input: ModelInput
    /// What looked wrong about the first output.
    var check: OutputCheck?
    /// The spans, counted from the first that the model was given, that the output has to have as they are.
    var required: Set<Int> = []
}
