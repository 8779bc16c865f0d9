import Dispatch
import Synchronization

/// A value that is long in the making, made once: by whoever asks first, or ahead of all in the background.
final class Deferred<Value: Sendable>: Sendable {
    private enum State {
        case waiting(@Sendable () throws(TextError) -> Value)
        case made(Result<Value, TextError>)
    }

    private let state: Mutex<State>

    init(_ make: @escaping @Sendable () throws(TextError) -> Value) {
        state = Mutex(.waiting(make))
    }

    init(made value: Value) {
        state = Mutex(.made(.success(value)))
    }

    /// Begins to make the value on a thread of the system's, unless it is made.
    func prepare() {
        if state.withLock({ if case .made = $0 { true } else { false } }) { return }
        DispatchQueue.global(qos: .userInitiated).async { _ = try? self.get() }
    }

    /// Waits until the value is there. When it cannot be made, each call says so.
    func get() throws(TextError) -> Value {
        let result = state.withLock { state -> Result<Value, TextError> in
            switch state {
            case .made(let result): return result
            case .waiting(let make):
                let result = Result(catching: make)
                state = .made(result)
                return result
            }
        }
        return try result.get()
    }
}
