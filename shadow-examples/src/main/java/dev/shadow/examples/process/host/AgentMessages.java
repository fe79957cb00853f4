package dev.shadow.examples.process.host;

import dev.shadow.spi.CallContext;
import dev.shadow.spi.Generation;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.VmId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import dev.shadow.sync.ReplicaStatus;
import java.util.List;
import java.util.Optional;

/** What is sent to an agent and comes back from it. */
public final class AgentMessages {
    private AgentMessages() {}

    /** Asks for an instance to be created. */
    public record Create(InstanceSpec spec, CallContext context) {}

    /** Asks for an instance to be activated. */
    public record Activate(InstanceId instance, ActivationMode mode, CallContext context) {}

    /** Asks for something to be done to an instance. */
    public record Named(InstanceId instance, CallContext context) {}

    /** Asks for an instance to be ended for good, before {@code generation} takes over. */
    public record Fence(VmId vm, InstanceId instance, Generation generation) {}

    /** Says that an instance was ended, and how that is known. */
    public record Fenced(String evidence) {}

    /** Describes an instance; empty if there is none. */
    public record Described(Optional<InstanceDescription> instance) {}

    /** Describes every instance of a host. */
    public record Listed(List<InstanceDescription> instances) {}

    /** Asks for a copy of what a replica has committed, in a new file. */
    public record Copy(InstanceId instance, String file) {}

    /** Says what is held of a replica; empty if there is none. */
    public record Replica(Optional<ReplicaStatus> status) {}
}
