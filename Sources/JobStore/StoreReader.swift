import Dispatch

/// Reads from a store on a thread of its own, for whoever may not wait for the disk. One after the other, so everyone gets
/// answers in the order of their questions.
package final class StoreReader: Sendable {
    private let store: any JobStore
    private let thread = DispatchQueue(label: "dragoman.store-reader")

    package init(store: any JobStore) { self.store = store }

    /// - Parameter answer: Called on the reading thread, which waits for it.
    package func read<Value: Sendable>(
        _ question: @escaping @Sendable (any JobStore) throws(StoreError) -> Value,
        answer: @escaping @Sendable (Result<Value, StoreError>) -> Void
    ) {
        thread.async { [store] in
            answer(Result { () throws(StoreError) in try question(store) })
        }
    }

    /// Answers what has been asked. Afterwards the store may be closed. Not to be called from `answer`.
    package func stop() { thread.sync {} }
}
