import CWire
import JobModel

extension LeaseName: WireMessage {
    init(_ message: Wire__LeaseName) throws(Flaw) {
        self.init(
            chunk: ChunkID(job: try message.job_id.jobID("job_id"), index: message.chunk), token: message.lease)
    }

    func write(to writer: inout MessageWriter) {
        writer.jobID(1, chunk.job)
        writer.number(2, chunk.index)
        writer.number(3, token)
    }
}
