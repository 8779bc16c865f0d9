internal import Markup

/// The paragraphs and headings of OpenDocument files (`text:p`, `text:h`). Notes and frames within one end the text before
/// them; their own paragraphs are texts too.
enum ODFParagraphs {
    private static let inline = XMLInline(pairs: ["span", "a", "ruby", "ruby-base", "meta"])
    private static let paragraphs: Set<String> = ["text:p", "text:h"]

    static func read(
        _ skeleton: Skeleton, _ format: DocumentFormat, member: String
    ) throws(DocumentError) -> Skeleton {
        var skeleton = skeleton
        let tree = try XMLTree(skeleton.source, format, member: member)
        let holders = tree.holders(of: paragraphs)
        for index in tree.tokens.indices
        where tree.tokens[index].kind == .start && paragraphs.contains(tree.fullName(index)) {
            // What is before, between and behind the elements that have paragraphs of their own.
            var start = index + 1
            var child = start
            while child < tree.end(index) {
                let end = tree.end(child)
                if tree.tokens[child].kind == .start, holders.contains(child) {
                    add(start..<child, tree, to: &skeleton)
                    start = end + 1
                }
                child = end + 1
            }
            add(start..<tree.end(index), tree, to: &skeleton)
        }
        return skeleton
    }

    private static func add(_ tokens: Range<Int>, _ tree: XMLTree, to skeleton: inout Skeleton) {
        var run = inline.run(tokens, in: tree)
        run.trimsMarks = true
        guard let unit = run.unit(in: tree.bytes) else { return }
        skeleton.add(unit.text, in: unit.range) { [codes = unit.codes] in XMLInline.written($0, codes) }
    }
}

extension XMLTree {
    /// The start tags of elements that have one of these elements somewhere within.
    func holders(of names: Set<String>) -> Set<Int> {
        var holders: Set<Int> = []
        var open: [Int] = []
        for index in tokens.indices {
            switch tokens[index].kind {
            case .start, .empty:
                if names.contains(fullName(index)) {
                    for outer in open.reversed() where !holders.insert(outer).inserted { break }
                }
                if tokens[index].kind == .start { open.append(index) }
            case .end: _ = open.popLast()
            default: break
            }
        }
        return holders
    }
}
