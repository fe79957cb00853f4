package dev.shadow.examples.process.host;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.spi.compute.PowerState;
import java.net.InetAddress;
import java.util.Optional;

/**
 * What an agent remembers of an instance over its own restarts.
 *
 * @param spec what it was created with
 * @param power what it is doing
 * @param generation highest generation seen for it
 * @param ownDisk whether it runs on a disk of its own, rather than on a replica that was promoted
 * @param createdUnder key of the call that created it
 * @param port where its service answers on loopback, 0 unless it runs
 */
record InstanceRecord(
        InstanceSpec spec, PowerState power, Generation generation, boolean ownDisk, String createdUnder, int port) {
    InstanceRecord in(PowerState next, int nextPort) {
        return new InstanceRecord(spec, next, generation, ownDisk, createdUnder, nextPort);
    }

    InstanceRecord seen(Generation newer) {
        return generation.isOlderThan(newer)
                ? new InstanceRecord(spec, power, newer, ownDisk, createdUnder, port)
                : this;
    }

    InstanceRecord onOwnDisk(boolean own) {
        return new InstanceRecord(spec, power, generation, own, createdUnder, port);
    }

    InstanceDescription describe(HostId host) {
        Optional<Endpoint> endpoint = power == PowerState.RUNNING
                ? Optional.of(new Endpoint(InetAddress.getLoopbackAddress().getHostAddress(), port))
                : Optional.empty();
        return new InstanceDescription(spec.id(), spec.vm(), host, power, generation, endpoint);
    }
}
