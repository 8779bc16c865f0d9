"""HTTP clients that cost little: each keeps its connection, and sends its next request when it has its answer."""
import asyncio
import json
import re
import time
from dataclasses import dataclass, field

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


def translation(text):
    """LibreTranslate's request, as JSON."""
    body = json.dumps(dict(q=text, source="en", target="fr", format="text")).encode()
    head = "POST /translate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def reading(path):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def whole(data):
    """The status and the body of the answer that has come; None: there is more to come."""
    end = data.find(b"\r\n\r\n")
    if end < 0:
        return None
    length = LENGTH.search(data, 0, end + 2)
    if not length:
        raise SystemExit(f"an answer without a length: {bytes(data[:end])}")
    end += 4
    if len(data) < end + int(length[1]):
        return None
    return int(data[9:12]), bytes(data[end : end + int(length[1])])


class Client(asyncio.Protocol):
    """Sends what `take` gives, until it gives None; `keep` gets each answer."""

    def __init__(self, take, keep):
        self.take, self.keep = take, keep
        self.data = bytearray()
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport):
        self.transport = transport

    def send(self):
        self.current = self.take()
        if self.current is None:
            self.ended.set_result(None)
            return
        self.start = time.perf_counter()
        self.transport.write(self.current[1])

    def data_received(self, data):
        self.data += data
        answer = whole(self.data)
        if answer:
            seconds = time.perf_counter() - self.start
            self.data.clear()
            self.keep(self.current[0], seconds, *answer)
            self.send()

    def connection_lost(self, error):
        if not self.ended.done():
            self.ended.set_exception(ConnectionError(f"the server closed a connection: {error}"))


@dataclass
class Load:
    """What a load has found: seconds from the first request to the last answer, those of each, and the answers."""

    seconds: float = 0
    times: list = field(default_factory=list)
    bodies: dict = field(default_factory=dict)
    clients_seconds: float = 0

    @property
    def rate(self):
        return len(self.times) / self.seconds

    def translations(self):
        return {number: json.loads(body)["translatedText"] for number, body in self.bodies.items()}


async def drive(port, requests, clients):
    """Sends the requests, each once, by so many clients, that are connected before the clock starts."""
    load, waiting = Load(), iter(enumerate(requests))

    def keep(number, seconds, status, body):
        if status != 200:
            raise SystemExit(f"status {status}: {body.decode(errors='replace')}")
        load.times.append(seconds)
        load.bodies[number] = body

    loop = asyncio.get_running_loop()
    connected = [
        (await loop.create_connection(lambda: Client(lambda: next(waiting, None), keep), "127.0.0.1", port))[1]
        for _ in range(clients)
    ]
    start, processor = time.perf_counter(), time.process_time()
    for client in connected:
        client.send()
    await asyncio.gather(*(client.ended for client in connected))
    load.seconds = time.perf_counter() - start
    load.clients_seconds = time.process_time() - processor
    for client in connected:
        client.transport.close()
    return load


def run(port, requests, clients):
    return asyncio.run(drive(port, requests, clients))


class Held:
    """Connections that are open for long: idle ones, and slow ones, on which a request trickles in, byte by byte."""

    def __init__(self, port, every):
        self.port, self.every = port, every
        self.idle, self.slow, self.trickles = [], [], []

    async def open(self, idle, slow, request):
        """Idle ones have had an answer before."""
        for _ in range(idle):
            self.idle.append(await asyncio.open_connection("127.0.0.1", self.port))
            self.idle[-1][1].write(reading("/livez"))
            await self.answer(self.idle[-1][0])
        for _ in range(slow):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            self.slow.append([reader, writer, request])
            self.trickles.append(asyncio.ensure_future(self.trickle(self.slow[-1])))

    async def trickle(self, slow):
        while len(slow[2]) > 1:
            slow[1].write(slow[2][:1])
            slow[2] = slow[2][1:]
            await asyncio.sleep(self.every)

    @staticmethod
    async def answer(reader):
        data = b""
        while not whole(data):
            part = await reader.read(65536)
            if not part:
                raise SystemExit("the server closed a connection before it had answered")
            data += part
        return whole(data)

    async def close(self):
        """Every one must still serve: the slow ones send what is left, the idle ones ask once more."""
        for trickle in self.trickles:
            trickle.cancel()
        for _, writer, rest in self.slow:
            writer.write(rest)
        for _, writer in self.idle:
            writer.write(reading("/livez"))
        for reader, writer, *_ in self.slow + self.idle:
            status, body = await self.answer(reader)
            if status != 200:
                raise SystemExit(f"a connection that was held: status {status}: {body.decode(errors='replace')}")
            writer.close()
