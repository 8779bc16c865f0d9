import Inference
import Markup
import Text

extension Preparation {
    /// What a request's languages make of its segments; nil where they cannot be.
    func frame(of request: TranslationRequest) -> SegmentFrame? {
        try? choice.direction(
            source: request.sourceLanguage ?? usual.source, target: request.targetLanguage ?? usual.target
        ).frame
    }

    /// Where the words of a segment's output come from; nil where nothing asks for it.
    /// - Parameter rank: Which hypothesis is meant.
    func alignment(
        _ segment: SegmentSource, _ decoded: DecodedSegment, rank: Int
    ) throws(TextError) -> WordAlignment? {
        let hypothesis = decoded.hypotheses[rank]
        guard let tokenizer, let rows = segment.aligner.map({ $0.rows(of: hypothesis) }) ?? hypothesis.alignment else {
            return nil
        }
        let output = decoded.outputs[rank]
        // What was put in the place of stand-ins has their words.
        let source = try tokenizer.sourcePlaces(of: decoded.input.text[...], prompt: segment.direction.prompt)
            .map(decoded.input.origin)
        var target = try tokenizer.targetPlaces(of: hypothesis.tokens, in: output, isHidden: hidden.contains)
        if !decoded.restorations.isEmpty { target = target.map(decoded.restorations[rank].place) }
        if !decoded.termEdits.isEmpty { target = target.map { TextEdit.range($0, after: decoded.termEdits[rank]) } }
        // The edges are the same in both: they are two tokens more.
        let leading = segment.leading.utf8.count, trailing = segment.trailing.utf8.count
        func places(_ tokens: [Range<Int>], of count: Int, after start: Int) -> [Range<Int>] {
            let begin = start + leading
            return [start..<begin] + tokens.map { begin + $0.lowerBound..<begin + $0.upperBound }
                + [begin + count..<begin + count + trailing]
        }
        let prefix = segment.frame.sourcePrefix.count
        return WordAlignment(
            source: places(source, of: segment.body.utf8.count, after: segment.nameLength),
            target: places(target, of: decoded.texts[rank].utf8.count, after: 0),
            weights: [[1]] + rows.map { [0] + $0.dropFirst(prefix).prefix(source.count) + [0] }
                + [Array(repeating: 0, count: source.count + 1) + [1]])
    }

    /// One translation of all blocks of markup.
    /// - Parameter outputs: For each segment of the documents, in order.
    static func woven(
        _ markup: MarkupText, _ documents: [Document], _ outputs: [(text: String, alignment: WordAlignment?)?],
        joint: String
    ) -> String {
        var outputs = outputs[...]
        return markup.replaced(
            zip(markup.blocks, documents).map { block, document in
                let segments = zip(document.places, document.segments.indices).map { place, index in
                    let output = outputs.removeFirst()
                    return WovenSegment(
                        range: place, output: output?.text, alignment: output?.alignment,
                        joint: document.joint(before: index, joint))
                }
                return block.woven(segments, of: markup)
            })
    }
}

extension Document {
    /// Where the segments are, in bytes.
    var places: [Range<Int>] {
        var (index, place) = (source.startIndex, 0)
        return segments.map { segment in
            place += source.utf8.distance(from: index, to: segment.text.startIndex)
            index = segment.text.startIndex
            return place..<place + segment.text.utf8.count
        }
    }
}
