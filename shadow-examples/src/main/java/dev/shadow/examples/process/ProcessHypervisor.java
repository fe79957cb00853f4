package dev.shadow.examples.process;

import dev.shadow.examples.process.host.AgentMessages;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.compute.ActivationMode;
import dev.shadow.spi.compute.Hypervisor;
import dev.shadow.spi.compute.HypervisorException;
import dev.shadow.spi.compute.InstanceDescription;
import dev.shadow.spi.compute.InstanceSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A hypervisor whose instances are processes. Activates in mode {@code TAKE_OVER} only. May be shared. */
public final class ProcessHypervisor implements Hypervisor {
    private final Agents agents;

    private ProcessHypervisor(Agents agents) {
        this.agents = agents;
    }

    /** Returns a hypervisor over the agents of a fleet. */
    public static ProcessHypervisor over(Agents agents) {
        return new ProcessHypervisor(agents);
    }

    @Override
    public InstanceDescription create(InstanceSpec spec, CallContext context) throws HypervisorException {
        try {
            return agents.call(
                    spec.host(),
                    "create",
                    new AgentMessages.Create(spec, context),
                    InstanceDescription.class,
                    context.timeout());
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    @Override
    public InstanceDescription activate(InstanceId instance, HostId host, ActivationMode mode, CallContext context)
            throws HypervisorException {
        try {
            return agents.call(
                    host,
                    "activate",
                    new AgentMessages.Activate(instance, mode, context),
                    InstanceDescription.class,
                    context.timeout());
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    @Override
    public void pause(InstanceId instance, HostId host, CallContext context) throws HypervisorException {
        order("pause", instance, host, context);
    }

    @Override
    public void deprovision(InstanceId instance, HostId host, CallContext context) throws HypervisorException {
        order("deprovision", instance, host, context);
    }

    private void order(String method, InstanceId instance, HostId host, CallContext context)
            throws HypervisorException {
        try {
            agents.call(host, method, new AgentMessages.Named(instance, context), context.timeout());
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    @Override
    public Optional<InstanceDescription> describe(InstanceId instance, HostId host, Duration timeout)
            throws HypervisorException {
        try {
            return agents.call(
                            host,
                            "describe",
                            Map.of("instance", instance.value()),
                            AgentMessages.Described.class,
                            timeout)
                    .instance();
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    @Override
    public List<InstanceDescription> instances(HostId host, Duration timeout) throws HypervisorException {
        try {
            return agents.call(host, "instances", null, AgentMessages.Listed.class, timeout)
                    .instances();
        } catch (RpcException e) {
            throw failure(e);
        }
    }

    /** Keeps what lies behind: a refused connection says more about a host than a time-out. */
    private static HypervisorException failure(RpcException e) {
        String message = Objects.requireNonNullElseGet(e.getMessage(), e::toString);
        return new HypervisorException(e.retry(), message, Objects.requireNonNullElse(e.getCause(), e));
    }
}
