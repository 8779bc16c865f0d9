/// Plain text: one unit. The engine cuts it into sentences, and a broker into what workers share.
enum PlainText {
    static func skeleton(_ source: SourceText) -> Skeleton {
        var skeleton = Skeleton(source.bytes)
        // What is around the words is no text.
        let range = source.trimmed(source.start..<source.bytes.count)
        let text = source.string(range)
        if text.hasLetters { skeleton.add(InlineText(text), in: range) { Array($0.plain.utf8) } }
        return skeleton
    }
}
