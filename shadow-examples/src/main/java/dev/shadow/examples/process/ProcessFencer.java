package dev.shadow.examples.process;

import dev.shadow.examples.process.host.AgentMessages;
import dev.shadow.examples.process.host.HostDirectory;
import dev.shadow.examples.process.host.ProcessIdentity;
import dev.shadow.examples.process.rpc.RpcException;
import dev.shadow.spi.CallContext;
import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.SpiException.Retry;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.FenceException;
import dev.shadow.spi.failover.FenceReport;
import dev.shadow.spi.failover.FenceReport.Outcome;
import dev.shadow.spi.failover.Fencer;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Fences as a power switch does. A host whose agent answers is asked to end the one instance; one whose agent does
 * not is switched off: its agent and every process that it recorded are killed.
 *
 * <p>That is certain, because an agent records the process of an instance before it gives that process a disk,
 * and a process without an agent ends; so a process that nobody recorded never wrote anything. The host then
 * refuses the old generation also if its agent is started again. May be shared.
 */
public final class ProcessFencer implements Fencer {
    private static final Duration ASK_TIMEOUT = Duration.ofMillis(500);
    private static final String SWITCH = "power switch";

    private final Agents agents;
    private final InstantSource clock;
    private final LongSupplier nanos;

    private ProcessFencer(Agents agents, InstantSource clock, LongSupplier nanos) {
        this.agents = agents;
        this.clock = clock;
        this.nanos = nanos;
    }

    /**
     * Returns a fencer for the hosts of a fleet, which must run on this machine.
     *
     * @param clock for the reports
     * @param nanos for time-outs, in nanoseconds
     */
    public static ProcessFencer over(Agents agents, InstantSource clock, LongSupplier nanos) {
        return new ProcessFencer(agents, clock, nanos);
    }

    @Override
    public FenceReport fence(VmId vm, InstanceId instance, HostId host, CallContext context) throws FenceException {
        Fleet.Host known = agents.fleet()
                .host(host)
                .orElseThrow(() -> new FenceException(
                        Retry.PERMANENT, "host " + host + " is unknown, so there is nothing to switch off"));
        try {
            AgentMessages.Fence order = new AgentMessages.Fence(vm, instance, context.generation());
            Duration patience = context.timeout().compareTo(ASK_TIMEOUT) < 0 ? context.timeout() : ASK_TIMEOUT;
            String evidence = agents.call(host, "fence", order, AgentMessages.Fenced.class, patience)
                    .evidence();
            return report(Outcome.CONFIRMED, "agent of " + host, evidence);
        } catch (RpcException e) {
            return switchOff(vm, known, context, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private FenceReport switchOff(VmId vm, Fleet.Host host, CallContext context, String why) throws FenceException {
        HostDirectory files = host.files();
        try {
            Optional<HostDirectory.AgentRecord> agent = files.agent();
            if (agent.isEmpty()) {
                return report(Outcome.UNCONFIRMED, SWITCH, "nothing is recorded of host " + host.id() + "; " + why);
            }
            files.fence(vm, context.generation());
            long deadline = nanos.getAsLong() + context.timeout().toNanos();
            // The agent first: as long as it lives it may start further processes.
            List<ProcessIdentity> survivors = new ArrayList<>();
            kill(List.of(agent.get().process()), deadline, survivors);
            List<ProcessIdentity> machines = files.processes();
            kill(machines, deadline, survivors);
            if (!survivors.isEmpty()) {
                return report(Outcome.UNCONFIRMED, SWITCH, "still there: " + survivors);
            }
            return report(
                    Outcome.CONFIRMED,
                    SWITCH,
                    "agent " + agent.get().process().pid() + " and " + machines.size()
                            + " recorded VM processes of host " + host.id() + " are gone");
        } catch (IOException e) {
            throw new FenceException(Retry.TRANSIENT, "the records of host " + host.id() + " cannot be read", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FenceException(Retry.TRANSIENT, "interrupted while host " + host.id() + " was switched off", e);
        }
    }

    private void kill(List<ProcessIdentity> processes, long deadline, List<ProcessIdentity> survivors)
            throws InterruptedException {
        for (ProcessIdentity process : processes) {
            Duration left = Duration.ofNanos(Math.max(0, deadline - nanos.getAsLong()));
            if (!process.kill(left, nanos)) {
                survivors.add(process);
            }
        }
    }

    private FenceReport report(Outcome outcome, String by, String evidence) {
        return new FenceReport(outcome, by, evidence.substring(0, Math.min(500, evidence.length())), clock.instant());
    }
}
