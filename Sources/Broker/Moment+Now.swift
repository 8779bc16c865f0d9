import Clocks
import Dispatching

extension Moment {
    /// By this machine's clocks.
    static var now: Moment { Moment(monotonic: SystemClock.monotonic, wall: SystemClock.wall) }
}
