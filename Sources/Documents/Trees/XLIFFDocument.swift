internal import Markup

/// XLIFF 1.2 and 2: each source without a target gets one. Targets that have words, and what says `translate="no"`, stay.
struct XLIFFDocument {
    private let tree: XMLTree
    private var skeleton: Skeleton

    static func skeleton(_ source: SourceText) throws(DocumentError) -> Skeleton {
        let tree = try XMLTree(source.bytes, .xliff)
        guard let root = tree.tokens.firstIndex(where: { $0.kind == .start || $0.kind == .empty }),
            tree.name(root) == "xliff"
        else {
            throw DocumentError(
                .malformed, .xliff, "the file has no element xliff", remedy: "name the format that it has")
        }
        var document = XLIFFDocument(tree: tree, skeleton: Skeleton(source.bytes))
        document.read()
        return document.skeleton
    }

    private mutating func read() {
        // The elements that are open, and whether what is in them is translated.
        var open: [(name: String, isTranslated: Bool)] = []
        for index in tree.tokens.indices {
            switch tree.tokens[index].kind {
            case .start:
                let name = tree.name(index)
                let isTranslated =
                    switch tree.attribute("translate", of: index) {
                    case "no"?: false
                    case "yes"?: true
                    default: open.last?.isTranslated ?? true
                    }
                if name == "source", isTranslated, let parent = open.last?.name,
                    parent == "trans-unit" || parent == "segment"
                {
                    add(source: index)
                }
                open.append((name, isTranslated))
            case .end: _ = open.popLast()
            default: break
            }
        }
    }

    private mutating func add(source: Int) {
        guard let unit = XMLInline.xliff.run(of: source, in: tree).unit(in: tree.bytes) else { return }
        let contents = tree.contents(source)
        let before = Array(tree.bytes[contents.lowerBound..<unit.range.lowerBound])
        let after = Array(tree.bytes[unit.range.upperBound..<contents.upperBound])
        let prefix = tree.fullName(source).dropLast("source".count)
        guard let place = place(after: source) else { return }
        let (opening, closing): ([UInt8], [UInt8]) =
            switch place.kind {
            case .contents: ([], [])
            case .empty:
                (Array(tree.bytes[place.range].dropLast(2)).trimmedEnd + [0x3E], Array("</\(prefix)target>".utf8))
            case .missing:
                (indentation(before: source) + Array("<\(prefix)target>".utf8), Array("</\(prefix)target>".utf8))
            }
        skeleton.add(unit.text, in: place.range) { text in
            opening + before + XMLInline.written(text, unit.codes) + after + closing
        }
    }

    private enum PlaceKind { case contents, empty, missing }

    /// Where the target of a source is written; nil: it has one.
    private func place(after source: Int) -> (kind: PlaceKind, range: Range<Int>)? {
        var end = tree.end(source)
        var index = end + 1
        while index < tree.tokens.count {
            switch tree.tokens[index].kind {
            case .text, .comment, .instruction: index += 1
            case .start, .empty:
                let name = tree.name(index)
                if name == "target" {
                    let contents = tree.contents(index)
                    if tree.tokens[index].kind == .empty { return (.empty, tree.tokens[index].range) }
                    let isBlank = tree.bytes[contents].allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
                    return isBlank ? (.contents, contents) : nil
                }
                // The order of elements is fixed.
                if name == "seg-source" { end = tree.end(index) }
                index = tree.end(index) + 1
            default: index = tree.tokens.count
            }
        }
        let place = tree.tokens[end].range.upperBound
        return (.missing, place..<place)
    }

    private func indentation(before source: Int) -> [UInt8] {
        guard source > 0, tree.tokens[source - 1].kind == .text else { return [] }
        let text = tree.bytes[tree.tokens[source - 1].range]
        return text.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) } ? Array(text) : []
    }
}

extension [UInt8] {
    fileprivate var trimmedEnd: [UInt8] { Array(self[..<((lastIndex { $0 > 0x20 } ?? -1) + 1)]) }
}
