package dev.shadow.spi.sync;

import dev.shadow.spi.Generation;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.internal.Checks;
import java.time.Duration;

/**
 * Names one replication: from which instance to which, how, and how far it may fall behind.
 *
 * @param vm the virtual machine
 * @param source instance that serves
 * @param sourceHost host of the source
 * @param target shadow replica that receives
 * @param targetHost host of the target, another than the source's
 * @param generation write history that is replicated
 * @param method what is compared and copied
 * @param mode when a guest's write is acknowledged
 * @param onLinkLoss what a synchronous session does without its replica; asynchronous sessions ignore it
 * @param rpo how old the newest committed epoch may become; more than zero in asynchronous mode
 * @param writeTimeout how long a synchronous write waits for its replica before {@code onLinkLoss}
 *     decides; more than zero
 */
public record SyncSpec(
        VmId vm,
        InstanceId source,
        HostId sourceHost,
        InstanceId target,
        HostId targetHost,
        Generation generation,
        SyncMethod method,
        SyncMode mode,
        LinkLossPolicy onLinkLoss,
        Duration rpo,
        Duration writeTimeout) {
    public SyncSpec {
        Checks.present("vm", vm);
        Checks.present("source", source);
        Checks.present("sourceHost", sourceHost);
        Checks.present("target", target);
        Checks.present("targetHost", targetHost);
        Checks.present("generation", generation);
        Checks.present("method", method);
        Checks.present("mode", mode);
        Checks.present("onLinkLoss", onLinkLoss);
        Checks.notNegative("rpo", rpo);
        Checks.positive("writeTimeout", writeTimeout);
        if (source.equals(target)) {
            throw Checks.refused("target", target.value(), "differ from source");
        }
        if (sourceHost.equals(targetHost)) {
            throw Checks.refused("targetHost", targetHost.value(), "differ from sourceHost");
        }
        if (mode == SyncMode.ASYNCHRONOUS && rpo.isZero()) {
            throw Checks.refused("rpo", rpo, "be more than zero in asynchronous mode");
        }
    }
}
