import CWire
import JobModel

extension WorkerBeat: WireMessage {
    init(_ message: Wire__WorkerBeat) throws(Flaw) {
        self.init(
            leases: try messages("leases", message.leases, message.n_leases, LeaseName.init(_:)),
            loadedModels: try texts(
                "loaded_models", message.loaded_models, message.n_loaded_models, atMost: Limit.name))
    }

    func write(to writer: inout MessageWriter) {
        writer.messages(1, leases)
        writer.texts(2, loadedModels)
    }
}

extension BrokerBeat: WireMessage {
    init(_ message: Wire__BrokerBeat) throws(Flaw) {
        self.init(
            epoch: message.epoch,
            cancelled: try messages("cancelled", message.cancelled, message.n_cancelled, LeaseName.init(_:)),
            isDraining: message.drain != 0)
    }

    func write(to writer: inout MessageWriter) {
        writer.number(1, epoch)
        writer.messages(2, cancelled)
        writer.flag(3, isDraining)
    }
}
