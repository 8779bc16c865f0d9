internal import Markup

/// The paragraphs of Office Open XML (ECMA-376): `w:p` with runs `w:r`, or `a:p` with runs `a:r`.
///
/// The words of a paragraph are those of its runs. The properties that most of them have are the paragraph's own; other
/// runs are codes around their words, so that bold words stay bold wherever they go.
struct RunParagraphs: Sendable {
    /// Of the namespace: `w` or `a`.
    let prefix: String

    func read(
        _ skeleton: Skeleton, _ format: DocumentFormat, member: String
    ) throws(DocumentError) -> Skeleton {
        var skeleton = skeleton
        let tree = try XMLTree(skeleton.source, format, member: member)
        let holders = tree.holders(of: ["\(prefix):p"])
        for index in tree.tokens.indices
        where tree.tokens[index].kind == .start && tree.fullName(index) == "\(prefix):p" {
            var reader = RunReader(tree, prefix, holders)
            for items in reader.read(index) {
                guard let text = RunText(items, prefix) else { continue }
                skeleton.add(text.unit, in: text.range) { text.written($0) }
            }
        }
        return skeleton
    }
}
