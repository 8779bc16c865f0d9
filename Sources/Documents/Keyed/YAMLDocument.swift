internal import Yams

/// A file of YAML, as programs keep their messages in it.
///
/// Yams says what the file means; here is found out where each of its strings stands. What is found must mean what Yams
/// says, so that a form that is not known is refused, and never damaged.
struct YAMLDocument {
    private let source: SourceText
    private let keys: KeyPatterns
    private var places: [(scalar: YAMLScalar, text: String)] = []
    private var visits = 0
    /// The last place that a mark was looked for.
    private var last = (line: 0, column: 0, offset: 0)

    private static let depthMax = 100

    static func skeleton(_ source: SourceText, _ keys: KeyPatterns) throws(DocumentError) -> Skeleton {
        try checkDepth(source)
        var document = YAMLDocument(source: source, keys: keys)
        for node in try document.nodes() { try document.visit(node, [], isInFlow: false) }
        var skeleton = Skeleton(source.bytes)
        var end = 0
        for (scalar, text) in document.places.sorted(by: { $0.scalar.range.lowerBound < $1.scalar.range.lowerBound }) {
            // What an alias repeats stands in the file once.
            guard scalar.range.lowerBound >= end else { continue }
            end = scalar.range.upperBound
            let edges = Edges(text)
            skeleton.add(InlineText(edges.middle), in: scalar.range) { scalar.written(edges, $0.plain) }
        }
        return skeleton
    }

    private func nodes() throws(DocumentError) -> [Node] {
        do {
            var nodes: [Node] = []
            let parser = try Parser(yaml: source.string(source.start..<source.bytes.count), encoding: .utf8)
            while let node = try parser.nextRoot() { nodes.append(node) }
            return nodes
        } catch {
            var problem = String(describing: error), line: Int?
            switch error as? YamlError {
            case .scanner(_, let text, let mark, _)?, .parser(_, let text, let mark, _)?,
                .composer(_, let text, let mark, _)?:
                (problem, line) = (text, mark.line)
            case .duplicatedKeysInMapping(_, let context)?:
                (problem, line) = ("a key is there twice", context.mark.line)
            default: break
            }
            throw DocumentError(
                .malformed, .yaml, at: line.map { .line($0) }, "this is not YAML: \(problem.prefix { $0 != "\n" })")
        }
    }

    private mutating func visit(_ node: Node, _ path: [String], isInFlow: Bool) throws(DocumentError) {
        visits += 1
        // Each node has a byte at least. More of them are aliases of aliases.
        guard visits <= source.bytes.count + 1, path.count <= Self.depthMax else {
            throw DocumentError(.tooLarge, .yaml, "its aliases make far more of the file than it is")
        }
        switch node {
        case .mapping(let mapping):
            let isFlow = isInFlow || isFlow(node, UInt8(ascii: "{"))
            for (key, value) in mapping {
                try visit(value, path + [key.string ?? ""], isInFlow: isFlow)
            }
        case .sequence(let sequence):
            let isFlow = isInFlow || isFlow(node, UInt8(ascii: "["))
            for (index, value) in sequence.enumerated() {
                try visit(value, path + [String(index)], isInFlow: isFlow)
            }
        case .scalar(let scalar):
            let isText = scalar.style != .plain || node.tag == Tag(.str)
            guard isText, scalar.string.hasLetters, keys.include(path), let mark = scalar.mark else { return }
            let start = offset(of: mark)
            guard
                let style = YAMLScalar.Style(scalar.style),
                let place = YAMLScalar(source, at: start, style, isInFlow: isInFlow), place.text == scalar.string
            else {
                throw source.failure(
                    .unsupported, at: start, "a string is written in a form that is not supported",
                    expected: "plain or quoted, or \"|\" or \">\" with lines below it",
                    found: DocumentError.quoted(scalar.string),
                    remedy: "write it in quotes on one line, or leave its key out with --keys")
            }
            places.append((place, scalar.string))
        case .alias: return
        }
    }

    /// Whether a list or a mapping stands in brackets. Yams does not say it of mappings.
    private mutating func isFlow(_ node: Node, _ bracket: UInt8) -> Bool {
        guard let mark = node.mark else { return false }
        let start = YAMLScalar.skipProperties(source, from: offset(of: mark))
        return start < source.bytes.count && source.bytes[start] == bracket
    }

    /// Marks count lines and, in these, Unicode scalars, from 1.
    private mutating func offset(of mark: Mark) -> Int {
        guard mark.line >= 1, mark.line <= source.lines.count else { return source.bytes.count }
        let line = source.lines[mark.line - 1].content
        // Most marks of a line follow each other.
        if last.line != mark.line || last.column > mark.column { last = (mark.line, 1, line.lowerBound) }
        while last.column < mark.column, last.offset < line.upperBound {
            last.offset += 1
            while last.offset < line.upperBound, source.bytes[last.offset] & 0xC0 == 0x80 { last.offset += 1 }
            last.column += 1
        }
        return last.offset
    }

    /// Yams' own descent is not bounded: brackets and dashes that are nested very deeply are refused before it.
    private static func checkDepth(_ source: SourceText) throws(DocumentError) {
        var depth = 0
        for line in source.lines {
            let bytes = source.bytes[line.content]
            if let first = bytes.first, first != 0x20, first != 0x09, !"[]{},".utf8.contains(first) { depth = 0 }
            var dashes = 0
            var column = 0
            for byte in bytes {
                column += 1
                switch byte {
                case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
                case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
                case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): dashes += 1
                case 0x20: break
                default: dashes = 0
                }
                guard depth <= depthMax, dashes <= depthMax || bytes.allSatisfy({ $0 == byte }) else {
                    throw source.failure(
                        .tooLarge, at: line.content.lowerBound, "lists are nested too deeply",
                        expected: "at most \(depthMax)")
                }
            }
            // Each level of a block is indented further.
            guard bytes.prefix(while: { $0 == 0x20 }).count <= 10 * depthMax else {
                throw source.failure(
                    .tooLarge, at: line.content.lowerBound, "a line is indented too far",
                    expected: "at most \(10 * depthMax)")
            }
        }
    }
}

extension YAMLScalar.Style {
    fileprivate init?(_ style: Node.Scalar.Style) {
        switch style {
        case .plain: self = .plain
        case .singleQuoted: self = .singleQuoted
        case .doubleQuoted: self = .doubleQuoted
        case .literal: self = .literal
        case .folded: self = .folded
        default: return nil
        }
    }
}
