package dev.shadow.examples.drill;

import dev.shadow.spi.Generation;

/**
 * A write that was acknowledged to a client.
 *
 * @param client number of the client
 * @param sequence number of the write, counted by client
 * @param generation generation of the instance that acknowledged it
 * @param writeNumber number of the disk's write that carried it, in that generation
 * @param bytes bytes of key and value
 * @param atNanos when it was acknowledged, on the drill's monotonic clock
 */
record AcknowledgedWrite(int client, long sequence, Generation generation, long writeNumber, int bytes, long atNanos) {
    String key() {
        return Payload.key(client, sequence);
    }
}
