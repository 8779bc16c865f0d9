/// A head of the decoder's cross-attention.
package struct AttentionHead: Sendable, Hashable, BitwiseCopyable {
    package var layer: Int
    package var head: Int

    package init(layer: Int, head: Int) {
        self.layer = layer
        self.head = head
    }
}
