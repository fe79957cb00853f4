package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.onOtherThreads;

import dev.shadow.spi.store.Coordinator;
import dev.shadow.spi.store.Lease;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A wrong lease service for every rule. */
final class CoordinatorMutants {
    private CoordinatorMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, Coordinator.class, method, mistake);
    }

    private static Mutant on(List<String> methods, String rule, Mistake mistake) {
        return Mutant.of(rule, Coordinator.class, methods, mistake);
    }

    private static Optional<Lease> lease(Call call) throws Throwable {
        return ((Optional<?>) Objects.requireNonNull(call.proceed())).map(Lease.class::cast);
    }

    private static Lease withToken(Lease it, long token) {
        return new Lease(it.resource(), it.owner(), token, it.expiresAt());
    }

    private static Optional<Lease> invented(Call call) {
        return Optional.of(new Lease(call.arg(0, String.class), call.arg(1, String.class), 1, Instant.MAX));
    }

    private static Mistake alwaysGiving() {
        return call -> {
            Optional<Lease> lease = lease(call);
            return lease.isEmpty() ? invented(call) : lease;
        };
    }

    /** Remembers that another method was called, and makes the mistake in {@code acquire} alone. */
    private static Mistake inAcquire(Mistake mistake) {
        return call -> {
            if (call.is("acquire")) {
                return mistake.in(call);
            }
            call.memory().put("said " + call.method().getName(), true);
            return call.proceed();
        };
    }

    static List<Mutant> all() {
        return List.of(
                on(List.of("acquire", "renew", "release"), "freeResourceIsGiven", call -> {
                    if (!call.is("acquire")) {
                        Object real = call.memory().get("lease");
                        return real == null ? call.proceed() : call.with(0, real);
                    }
                    Optional<Lease> lease = lease(call);
                    if (lease.isEmpty() || Mutant.isOtherThread() || !call.first("acquired")) {
                        call.memory().remove("lease");
                        return lease;
                    }
                    Lease it = lease.get();
                    call.memory().put("lease", it);
                    return Optional.of(new Lease(it.resource(), "somebody", it.token(), it.expiresAt()));
                }),
                on(List.of("acquire", "renew", "release"), "heldResourceIsNotGivenToAnother", inAcquire(call -> {
                    Optional<Lease> lease = lease(call);
                    boolean plain = !call.said("said renew") && !call.said("said release") && !call.crashed();
                    return lease.isEmpty()
                                    && plain
                                    && !Mutant.isOtherThread()
                                    && call.memory().size() <= 2
                            ? invented(call)
                            : lease;
                })),
                on("acquire", "holderAcquiresAgain", call -> {
                    Optional<Lease> lease = lease(call);
                    boolean again = lease.isPresent()
                            && !call.first(
                                    "held " + lease.get().owner() + lease.get().token());
                    return again ? Optional.empty() : lease;
                }),
                on("acquire", "resourcesAreApart", call -> {
                    Object first = call.memory().putIfAbsent("first", call.args()[0]);
                    return first == null || first.equals(call.args()[0]) ? call.proceed() : Optional.empty();
                }),
                on(
                        List.of("acquire", "release"),
                        "lapsedLeaseIsGivenToAnotherWithAHigherToken",
                        inAcquire(call -> lease(call)
                                .map(it -> call.said("said release") || call.crashed() ? it : withToken(it, 1)))),
                on("renew", "renewedLeaseKeepsItsToken", call -> lease(call).map(it -> withToken(it, it.token() + 1))),
                on("renew", "renewedLeaseLastsLonger", call -> {
                    Optional<?> renewed = (Optional<?>) call.with(1, Duration.ofMillis(500));
                    return Objects.requireNonNull(renewed)
                            .map(Lease.class::cast)
                            .map(it -> new Lease(
                                    it.resource(),
                                    it.owner(),
                                    it.token(),
                                    it.expiresAt().plus(Duration.ofDays(1))));
                }),
                on(List.of("acquire", "renew"), "lapsedLeaseIsNotRenewed", renewingLapsed(1)),
                on(List.of("acquire", "renew"), "leaseTakenByAnotherIsNotRenewed", renewingLapsed(2)),
                on(List.of("acquire", "release"), "releasedResourceIsFree", inAcquire(call -> {
                    Object last = call.memory().get("owner");
                    call.memory().put("owner", call.args()[1]);
                    boolean other = last != null && !last.equals(call.args()[1]);
                    return call.said("said release") && other ? Optional.empty() : call.proceed();
                })),
                on(List.of("acquire", "release"), "tokenRisesAfterARelease", inAcquire(call -> {
                    Object last = call.memory().get("owner");
                    call.memory().put("owner", call.args()[1]);
                    boolean same = call.args()[1].equals(last);
                    return lease(call).map(it -> same && call.said("said release") ? withToken(it, 1) : it);
                })),
                on(List.of("acquire", "release"), "releaseOfAnOldLeaseLeavesTheNewOne", call -> {
                    if (call.is("acquire")) {
                        Optional<Lease> lease = lease(call);
                        lease.ifPresent(it -> call.memory().put("last", it));
                        return lease;
                    }
                    return call.with(0, Objects.requireNonNull(call.memory().get("last")));
                }),
                on("acquire", "leaseOutlivesACrashOfTheCoordinator", call -> {
                    Optional<Lease> lease = lease(call);
                    return lease.isEmpty() && call.crashed() ? invented(call) : lease;
                }),
                on(
                        "acquire",
                        "tokensRiseOverACrash",
                        call -> lease(call).map(it -> call.crashed() ? withToken(it, 1) : it)),
                on("acquire", "oneOfManyContendersWins", onOtherThreads(alwaysGiving())),
                on("renew", "renewedLeaseExpiresLater", call -> {
                    Lease old = call.arg(0, Lease.class);
                    return lease(call).map(it -> new Lease(it.resource(), it.owner(), it.token(), old.expiresAt()));
                }));
    }

    /** Renews a lapsed lease after so many acquisitions. */
    private static Mistake renewingLapsed(int acquisitions) {
        return call -> {
            if (call.is("acquire")) {
                int unused = call.count();
                return call.proceed();
            }
            Optional<Lease> renewed = lease(call);
            boolean wrong = renewed.isEmpty() && Objects.equals(call.memory().get("count of acquire"), acquisitions);
            return wrong ? Optional.of(call.arg(0, Lease.class)) : renewed;
        };
    }
}
