internal import Markup

/// Reads a paragraph of runs as items.
struct RunReader {
    private let tree: XMLTree
    private let prefix: String
    /// Elements that have paragraphs of their own, such as text boxes: they end the text before them.
    private let holders: Set<Int>
    private var segments: [[RunItem]] = [[]]
    private var number = 0

    /// Elements whose runs are words of the paragraph.
    private static let wrappers: Set<String> = [
        "hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "customXml", "bdo", "dir",
    ]
    private static let dropped: Set<String> = ["proofErr", "lastRenderedPageBreak"]
    private static let depthMax = 50

    init(_ tree: XMLTree, _ prefix: String, _ holders: Set<Int>) {
        self.tree = tree
        self.prefix = prefix
        self.holders = holders
    }

    /// - Returns: The items of the paragraph, in stretches without another paragraph in them.
    mutating func read(_ paragraph: Int) -> [[RunItem]] {
        read(paragraph + 1..<tree.end(paragraph), depth: 0)
        return segments
    }

    private mutating func add(_ kind: RunItem.Kind, _ range: Range<Int>) {
        segments[segments.count - 1].append(RunItem(kind: kind, range: range))
    }

    private mutating func read(_ tokens: Range<Int>, depth: Int) {
        var index = tokens.lowerBound
        while index < tokens.upperBound {
            let end = tree.end(index)
            defer { index = end + 1 }
            let token = tree.tokens[index]
            guard token.kind == .start || token.kind == .empty else { continue }
            let name = tree.name(index)
            if name == "pPr" || name == "endParaRPr" {
                // The paragraph's own: before and behind the words.
                continue
            } else if holders.contains(index) {
                segments.append([])
            } else if name == "r", token.kind == .start {
                readRun(index)
            } else if Self.dropped.contains(name) {
                add(.dropped, tree.range(index))
            } else if token.kind == .start, depth < Self.depthMax, let inner = inside(index, name) {
                number += 1
                let own = number
                let range = tree.range(index)
                add(.open(own, Array(tree.bytes[range.lowerBound..<tree.tokens[inner].range.upperBound])), range)
                read(inner + 1..<tree.end(inner), depth: depth + 1)
                add(
                    .close(own, Array(tree.bytes[tree.tokens[tree.end(inner)].range.lowerBound..<range.upperBound])),
                    range)
            } else {
                add(.mark(Array(tree.bytes[tree.range(index)])), tree.range(index))
            }
        }
    }

    /// - Returns: The start tag whose element has the runs of a wrapper; nil if there is no such element.
    private func inside(_ index: Int, _ name: String) -> Int? {
        if Self.wrappers.contains(name) { return index }
        guard name == "sdt" else { return nil }
        var child = index + 1
        while child < tree.end(index) {
            if tree.tokens[child].kind == .start, tree.name(child) == "sdtContent" { return child }
            child = tree.end(child) + 1
        }
        return nil
    }

    private mutating func readRun(_ run: Int) {
        let range = tree.range(run)
        var properties: [UInt8] = []
        var index = run + 1
        while index < tree.end(run) {
            let end = tree.end(index)
            defer { index = end + 1 }
            let token = tree.tokens[index]
            guard token.kind == .start || token.kind == .empty else { continue }
            switch tree.name(index) {
            case "rPr": properties = Array(tree.bytes[tree.range(index)])
            case "t": add(.text(XMLText.unescaped(tree.text(tree.contents(index))), properties: properties), range)
            case let name where Self.dropped.contains(name): add(.dropped, range)
            default:
                let own =
                    Array("<\(prefix):r>".utf8) + properties + tree.bytes[tree.range(index)] + "</\(prefix):r>".utf8
                add(.mark(own), range)
            }
        }
    }
}
