package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.boundToOneThread;
import static dev.shadow.tck.contract.Mutant.ignoringGenerations;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.Endpoint;
import dev.shadow.spi.Generation;
import dev.shadow.spi.VmId;
import dev.shadow.spi.failover.Route;
import dev.shadow.spi.failover.TrafficDirector;
import dev.shadow.tck.contract.FakeTrafficDirectorTest.Network;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import dev.shadow.tck.contract.TrafficDirectorContract.Client;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A wrong traffic director for every rule. */
final class TrafficDirectorMutants {
    private static final Endpoint ELSEWHERE = new Endpoint("elsewhere", 80);

    private TrafficDirectorMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, TrafficDirector.class, method, mistake);
    }

    private static Optional<Route> route(Call call) throws Throwable {
        return ((Optional<?>) Objects.requireNonNull(call.proceed())).map(Route.class::cast);
    }

    private static Client client(Call call) throws Throwable {
        return (Client) Objects.requireNonNull(call.proceed());
    }

    /** Leads clients to {@code reached}, or holds them though they should be cut. */
    private record Misled(Client real, Optional<Endpoint> instead, boolean held) implements Client {
        @Override
        public Endpoint reached() throws Exception {
            return instead.isPresent() ? instead.get() : real.reached();
        }

        @Override
        public boolean isOpen() throws Exception {
            return held || real.isOpen();
        }
    }

    static List<Mutant> all() {
        return List.of(
                Mutant.of(
                        "newClientsReachTheTarget",
                        Network.class,
                        "connect",
                        call -> new Misled(client(call), Optional.of(ELSEWHERE), false)),
                Mutant.of(
                        "redirectCutsConnectionsThatLeadElsewhere",
                        Network.class,
                        "connect",
                        call -> new Misled(client(call), Optional.empty(), true)),
                on(
                        "route",
                        "routeTellsTargetAndGeneration",
                        call -> route(call).map(r -> new Route(r.target(), Generation.INITIAL))),
                on(
                        "route",
                        "unknownVirtualMachineHasNoRoute",
                        call -> Optional.of(route(call).orElse(new Route(ELSEWHERE, Generation.INITIAL)))),
                on("redirect", "redirectRepeatedCutsNothing", call -> {
                    if (!call.first("sent " + call.args()[1])) {
                        Object unused = call.with(1, ELSEWHERE);
                    }
                    return call.proceed();
                }),
                on("redirect", "redirectOfAnOlderGenerationLeavesTheRoute", ignoringGenerations()),
                on("redirect", "routesOfDifferentVirtualMachinesAreApart", call -> {
                    Object first = call.memory().putIfAbsent("first", call.arg(0, VmId.class));
                    if (first != null) {
                        Object unused = call.with(0, first);
                    }
                    return call.proceed();
                }),
                on("redirect", "redirectsMayOverlap", boundToOneThread()),
                on("redirect", "unreachableDirectorFailsTheRedirect", swallowing("timed out", null)),
                on("redirect", "noCallOutlastsItsTimeOut", outlasting()));
    }
}
