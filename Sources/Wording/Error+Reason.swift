import Foundation

extension Error {
    /// Why the system refused something, in its own words. Foundation's own may be no more than a number.
    package var reason: String {
        let error = self as NSError
        let underlying = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard underlying.domain == NSPOSIXErrorDomain else { return localizedDescription }
        return String(cString: strerror(Int32(underlying.code)))
    }
}
