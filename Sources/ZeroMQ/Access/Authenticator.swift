internal import Synchronization

/// Decides which keys may connect to this context's CURVE servers: the ZAP handler of RFC 27 of ZeroMQ, on a thread of its
/// own.
///
/// A decision is made when a connection is, so replacing the list does not end connections that are up: messages name the
/// key that they come under (`Message.userID`), and `AccessControl` holds each against the list.
package final class Authenticator: Sendable {
    private let state: AuthenticatorState
    private let thread: JoinableThread

    /// When this returns, the handler is bound: sockets that need it can be made.
    ///
    /// - Parameter onRefusal: Called on the authenticator's thread; everyone who connects waits for it.
    /// - Throws: When the context has an authenticator already.
    package init(
        context: Context, allowing list: AllowList, onRefusal: @escaping @Sendable (Refusal) -> Void = { _ in }
    ) throws(ZeroMQError) {
        let state = AuthenticatorState(list: list, wakeUp: try WakeUp())
        let handler = try ZAPHandler(context: context, state: state, onRefusal: onRefusal)
        self.state = state
        thread = try JoinableThread { handler.run() }
    }

    deinit { stop() }

    /// From here on, decisions are by another list.
    package func replaceList(with list: AllowList) { state.list.withLock { $0 = list } }

    /// Lets nobody in any more. It happens by itself when the last socket that names this authenticator is gone.
    package func stop() {
        state.isStopping.store(true, ordering: .releasing)
        state.wakeUp.signal()
        thread.join()
    }
}

/// Whether those who were let in still may, by the list of today.
package struct AccessControl {
    package enum Verdict: Sendable {
        case granted(PeerCredentials)
        /// The key has been taken off the list, or its line says something else now.
        case revoked(PeerCredentials)
    }

    package var list: AllowList { didSet { verdicts.removeAll() } }
    /// By user id and domain. Few peers say very much.
    private var verdicts: [Question: Verdict] = [:]

    private struct Question: Hashable {
        var userID: String
        var domain: AccessDomain
    }

    package init(list: AllowList) { self.list = list }

    /// nil: no authenticator has let this in.
    package mutating func verdict(on userID: String?, in domain: AccessDomain) -> Verdict? {
        guard let userID else { return nil }
        let question = Question(userID: userID, domain: domain)
        if let known = verdicts[question] { return known }
        guard let credentials = PeerCredentials(userID: userID) else { return nil }
        let verdict = verdict(on: credentials, in: domain)
        // As many as there are keys at most, and each a few times while the list changes.
        if verdicts.count >= 10_000 { verdicts.removeAll() }
        verdicts[question] = verdict
        return verdict
    }

    package func verdict(on credentials: PeerCredentials, in domain: AccessDomain) -> Verdict {
        guard case .success(credentials.identity) = list.decide(credentials.key, domain: domain) else {
            return .revoked(credentials)
        }
        return .granted(credentials)
    }
}

/// What the authenticator and its thread share.
private final class AuthenticatorState: Sendable {
    let list: Mutex<AllowList>
    let isStopping = Atomic(false)
    let wakeUp: WakeUp

    init(list: AllowList, wakeUp: WakeUp) {
        self.list = Mutex(list)
        self.wakeUp = wakeUp
    }
}

/// The handler's socket and loop.
///
/// `@unchecked Sendable`: `init` runs on the starter's thread and everything else on the handler's; starting a thread is a
/// memory barrier.
private final class ZAPHandler: @unchecked Sendable {
    private static let endpoint = "inproc://zeromq.zap.01"

    private let socket: Socket
    private let state: AuthenticatorState
    private let onRefusal: @Sendable (Refusal) -> Void

    init(
        context: Context, state: AuthenticatorState, onRefusal: @escaping @Sendable (Refusal) -> Void
    ) throws(ZeroMQError) {
        let socket = try Socket(.rep, in: context)
        try socket.bind(Self.endpoint)
        self.socket = socket
        self.state = state
        self.onRefusal = onRefusal
    }

    func run() {
        socket.adopt()
        do throws(ZeroMQError) {
            try serve()
            // Now, and not when libzmq gets round to closing the socket.
            try socket.unbind(Self.endpoint)
        } catch {
            // No peer can cause this: questions come from this process's own libzmq.
            preconditionFailure("the authenticator cannot go on: \(error)")
        }
    }

    private func serve() throws(ZeroMQError) {
        var poller = Poller()
        _ = poller.add(socket)
        _ = poller.add(state.wakeUp)
        while !state.isStopping.load(ordering: .acquiring) {
            while let frames = try socket.receiveFrames() { try answer(frames) }
            try poller.wait(until: nil)
        }
    }

    private func answer(_ frames: [[UInt8]]) throws(ZeroMQError) {
        guard let request = ZAPRequest(frames: frames) else {
            _ = try socket.send(frames: ZAPRequest.refusal(id: frames.count > 1 ? frames[1] : []))
            return
        }
        let decision = request.decide(by: state.list.withLock { $0 })
        _ = try socket.send(frames: request.reply(decision))
        if case .failure(let reason) = decision {
            onRefusal(Refusal(reason: reason, domain: request.domain, address: request.address, key: request.key))
        }
    }
}
