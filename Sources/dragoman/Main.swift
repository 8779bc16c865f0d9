import Dispatch
import DragomanCommand

@main struct Main {
    /// Not `async`: an asynchronous `main` has started Dispatch's threads before its first line, and they read the
    /// environment that `prepare` sets.
    static func main() {
        Dragoman.prepare()
        Task { await Dragoman.launch() }
        dispatchMain()
    }
}
