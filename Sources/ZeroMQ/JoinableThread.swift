internal import Glibc
internal import Synchronization

/// A thread that one can wait for. It gets no signals: those are for threads that expect to be interrupted.
package final class JoinableThread: Sendable {
    private let handle: Mutex<pthread_t?>

    package init(_ body: @escaping @Sendable () -> Void) throws(ZeroMQError) {
        let work = Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        var (all, before) = (sigset_t(), sigset_t())
        sigfillset(&all)
        // A new thread inherits the mask.
        pthread_sigmask(SIG_SETMASK, &all, &before)
        let errorNumber = pthread_create(
            &thread, nil,
            { argument in
                Unmanaged<Work>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        pthread_sigmask(SIG_SETMASK, &before, nil)
        guard errorNumber == 0 else {
            work.release()
            throw ZeroMQError(call: "pthread_create", errorNumber: errorNumber)
        }
        handle = Mutex(thread)
    }

    /// Waits for its end.
    package func join() {
        handle.withLock { thread in
            if let running = thread { pthread_join(running, nil) }
            thread = nil
        }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void
        package init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
