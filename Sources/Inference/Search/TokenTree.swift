/// All hypotheses of a segment as paths in one tree: what they have in common is stored once.
package struct TokenTree {
    /// The place of a token in the tree; `root` is before the first one.
    package typealias Node = Int32
    package static let root: Node = -1

    private struct Entry {
        var token: Int32
        var parent: Node
        var score: Float
    }

    private var entries: [Entry] = []
    private var alignments: [Float] = []
    private let sourceLength: Int
    /// Of the attention of heads, which comes after a token's alignment.
    private let headsLength: Int

    /// - Parameters:
    ///   - capacity: How many tokens, without alignments, fit without an allocation.
    ///   - sourceLength: The length of each token's alignment; 0 when none are kept.
    ///   - headsLength: The same of all heads' attention together.
    package init(capacity: Int, sourceLength: Int, headsLength: Int = 0) {
        self.sourceLength = sourceLength
        self.headsLength = headsLength
        entries.reserveCapacity(capacity)
        // Alignments are large, and few requests' outputs are as long as they may become.
        alignments.reserveCapacity(min(capacity * rowLength, 1 << 16))
    }

    /// Keeps of each token what settings ask for.
    package init(capacity: Int, _ settings: SearchSettings, sourceLength: Int) {
        self.init(
            capacity: capacity, sourceLength: settings.returnsAlignments ? sourceLength : 0,
            headsLength: settings.attentionHeads.count * sourceLength)
    }

    private var rowLength: Int { sourceLength + headsLength }

    /// - Parameter alignment: `[sourceLength + headsLength]`, copied; nil stores zeros.
    package mutating func append(
        _ token: Int32, after parent: Node, score: Float, alignment: UnsafePointer<Float>? = nil
    ) -> Node {
        entries.append(Entry(token: token, parent: parent, score: score))
        for index in 0..<rowLength { alignments.append(alignment?[index] ?? 0) }
        return Node(entries.count - 1)
    }

    package func token(of node: Node) -> Int32 { entries[Int(node)].token }

    /// Writes the `length` tokens that end with `node` to `output`, first token first.
    package func write(pathTo node: Node, length: Int, into output: UnsafeMutablePointer<Int32>) {
        var node = node
        for index in stride(from: length - 1, through: 0, by: -1) {
            output[index] = entries[Int(node)].token
            node = entries[Int(node)].parent
        }
    }

    /// The path that ends with `node`, as a hypothesis.
    ///
    /// - Parameter ends: Whether a token is an end, which is left out of the tokens if it is the last of them; its score stays.
    package func hypothesis(
        endingWith node: Node, ends: (Int32) -> Bool, score: Float, isTruncated: Bool
    ) -> TokenHypothesis {
        var path: [Node] = []
        var node = node
        while node != Self.root {
            path.append(node)
            node = entries[Int(node)].parent
        }
        path.reverse()
        var tokens = path.map { Int(entries[Int($0)].token) }
        if let last = tokens.last, ends(Int32(last)) { tokens.removeLast() }
        func rows(_ nodes: some Collection<Node>, _ part: Range<Int>) -> [[Float]] {
            nodes.map { node in
                let begin = Int(node) * rowLength
                return Array(alignments[begin + part.lowerBound..<begin + part.upperBound])
            }
        }
        var hypothesis = TokenHypothesis(
            tokens: tokens, tokenScores: path.map { entries[Int($0)].score }, score: score,
            alignment: sourceLength > 0 ? rows(path.prefix(tokens.count), 0..<sourceLength) : nil,
            isTruncated: isTruncated)
        if headsLength > 0 { hypothesis.headWeights = rows(path, sourceLength..<rowLength) }
        return hypothesis
    }
}
