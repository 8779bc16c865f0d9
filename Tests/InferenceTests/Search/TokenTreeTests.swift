import Inference
import Testing

@Suite struct TokenTreeTests {
    @Test func `paths that part keep what they have in common`() {
        var tree = TokenTree(capacity: 2, sourceLength: 0)
        let common = tree.append(7, after: TokenTree.root, score: -1)
        let left = tree.append(8, after: common, score: -2)
        let right = tree.append(9, after: common, score: -3)
        let deep = tree.append(7, after: right, score: -4)
        #expect(tree.token(of: deep) == 7)
        var path = [Int32](repeating: 0, count: 3)
        tree.write(pathTo: deep, length: 3, into: &path)
        #expect(path == [7, 9, 7])
        let hypothesis = tree.hypothesis(endingWith: left, ends: { $0 == 0 }, score: -5, isTruncated: true)
        #expect(
            hypothesis
                == TokenHypothesis(
                    tokens: [7, 8], tokenScores: [-1, -2], score: -5, alignment: nil, isTruncated: true))
    }

    @Test func `the end is no token, but its score stays`() {
        var tree = TokenTree(capacity: 2, sourceLength: 2)
        let first = tree.append(7, after: TokenTree.root, score: -1, alignment: [0.25, 0.75])
        let end = tree.append(0, after: first, score: -2)
        let hypothesis = tree.hypothesis(endingWith: end, ends: { $0 == 0 }, score: -3, isTruncated: false)
        #expect(hypothesis.tokens == [7])
        #expect(hypothesis.tokenScores == [-1, -2])
        #expect(hypothesis.alignment == [[0.25, 0.75]])
    }

    @Test func `the attention of heads is kept beside the alignment, for the end too`() {
        var tree = TokenTree(capacity: 2, sourceLength: 2, headsLength: 4)
        let first = tree.append(7, after: TokenTree.root, score: -1, alignment: [0.25, 0.75, 1, 0, 0, 1])
        let end = tree.append(0, after: first, score: -2, alignment: [0.5, 0.5, 0, 1, 1, 0])
        let hypothesis = tree.hypothesis(endingWith: end, ends: { $0 == 0 }, score: -3, isTruncated: false)
        #expect(hypothesis.alignment == [[0.25, 0.75]])
        #expect(hypothesis.headWeights == [[1, 0, 0, 1], [0, 1, 1, 0]])
    }

    @Test func `the root is an empty hypothesis`() {
        let tree = TokenTree(capacity: 0, sourceLength: 3)
        let hypothesis = tree.hypothesis(endingWith: TokenTree.root, ends: { $0 == 0 }, score: 0, isTruncated: false)
        #expect(hypothesis == TokenHypothesis(tokens: [], tokenScores: [], score: 0, alignment: [], isTruncated: false))
    }
}
