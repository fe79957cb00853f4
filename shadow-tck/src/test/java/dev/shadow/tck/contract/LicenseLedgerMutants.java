package dev.shadow.tck.contract;

import static dev.shadow.tck.contract.Mutant.confusing;
import static dev.shadow.tck.contract.Mutant.onOtherThreads;
import static dev.shadow.tck.contract.Mutant.outlasting;
import static dev.shadow.tck.contract.Mutant.swallowing;

import dev.shadow.spi.HostId;
import dev.shadow.spi.InstanceId;
import dev.shadow.spi.inventory.LicenseDemand;
import dev.shadow.spi.placement.LicenseGrant;
import dev.shadow.spi.placement.LicenseLedger;
import dev.shadow.tck.contract.Mutant.Call;
import dev.shadow.tck.contract.Mutant.Mistake;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A wrong ledger for every rule. */
final class LicenseLedgerMutants {
    private LicenseLedgerMutants() {}

    private static Mutant on(String method, String rule, Mistake mistake) {
        return Mutant.of(rule, LicenseLedger.class, method, mistake);
    }

    @SuppressWarnings("unchecked")
    private static List<LicenseDemand> demands(Call call) {
        return (List<LicenseDemand>) call.args()[2];
    }

    private static Optional<LicenseGrant> grant(Call call) throws Throwable {
        return ((Optional<?>) Objects.requireNonNull(call.proceed())).map(LicenseGrant.class::cast);
    }

    private static LicenseGrant invented(Call call) {
        return new LicenseGrant(
                call.arg(0, InstanceId.class), call.arg(1, HostId.class), demands(call), Optional.of(Instant.EPOCH));
    }

    private static Mistake changing(UnaryOperator<LicenseGrant> change) {
        return call -> grant(call).map(change);
    }

    private static Mistake grantingIf(Predicate<Call> when) {
        return call -> {
            Optional<LicenseGrant> grant = grant(call);
            return grant.isEmpty() && when.test(call) ? Optional.of(invented(call)) : grant;
        };
    }

    private static boolean demandsOnly(Call call, String product) {
        return demands(call).size() == 1 && demands(call).get(0).product().equals(product);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Integer> free(Call call) throws Throwable {
        return new HashMap<>((Map<String, Integer>) Objects.requireNonNull(call.proceed()));
    }

    private static Map<String, Integer> freeWith(Call call, int databases) throws Throwable {
        Map<String, Integer> free = free(call);
        free.put("database", databases);
        return free;
    }

    /** Remembers instances that reserved, and confuses the refusal of those that did, or did not. */
    private static Mutant confusingCommits(String rule, boolean ofReserved) {
        return Mutant.of(rule, LicenseLedger.class, List.of("reserve", "commit"), call -> {
            if (call.is("reserve")) {
                call.memory().put("reserved " + call.args()[0], true);
                return call.proceed();
            }
            return call.said("reserved " + call.args()[0]) == ofReserved
                    ? confusing("holds no grant").in(call)
                    : call.proceed();
        });
    }

    static List<Mutant> all() {
        return List.of(
                on(
                        "reserve",
                        "reservationHoldsItsUnits",
                        changing(g -> new LicenseGrant(g.instance(), HostId.of("x"), g.demands(), g.expiresAt()))),
                on(
                        "reserve",
                        "reservationIsNotCommitted",
                        changing(g -> new LicenseGrant(g.instance(), g.host(), g.demands(), Optional.empty()))),
                on("reserve", "reserveRepeatedReturnsTheGrantThatIsThere", call -> {
                    if (!call.first("reserved " + call.args()[0] + call.args()[1])) {
                        throw new IllegalStateException("it holds a grant");
                    }
                    return call.proceed();
                }),
                on("reserve", "reserveForAnotherHostIsRefused", swallowing("another grant", Optional.empty())),
                on("reserve", "grantsNoMoreThanThePoolHolds", grantingIf(call -> demandsOnly(call, "database"))),
                on("reserve", "grantsAllDemandsOrNone", call -> {
                    Optional<LicenseGrant> grant = grant(call);
                    if (grant.isEmpty() && demands(call).size() == 2) {
                        Object unused = call.with(2, demands(call).subList(0, 1));
                    }
                    return grant;
                }),
                on("reserve", "unknownProductHasNoUnits", grantingIf(call -> demandsOnly(call, "no-such-product"))),
                on("reserve", "overlappingReservationsNeverExceedThePool", onOtherThreads(grantingIf(call -> true))),
                Mutant.of("reservationLapsesAtItsExpiry", LicenseLedger.class, List.of("reserve", "free"), call -> {
                    if (call.is("reserve")) {
                        if (call.arg(3, Duration.class).compareTo(Duration.ofSeconds(1)) <= 0) {
                            call.memory().put("short", true);
                        }
                        return call.proceed();
                    }
                    return call.said("short") ? freeWith(call, 2) : call.proceed();
                }),
                Mutant.of(
                        "committedGrantHoldsBeyondItsExpiry", LicenseLedger.class, List.of("commit", "free"), call -> {
                            if (call.is("commit")) {
                                call.memory().put("committed", true);
                                return call.proceed();
                            }
                            return call.said("committed") ? freeWith(call, 4) : call.proceed();
                        }),
                on("commit", "commitRepeatedChangesNothing", Mutant.failingFromCall(2)),
                confusingCommits("commitWithoutAReservationIsRefusedForGood", false),
                confusingCommits("commitOfALapsedReservationIsRefusedForGood", true),
                on("release", "releaseGivesEverythingBack", Mutant.answering(null)),
                Mutant.of(
                        "releaseOfNothingChangesNothing", LicenseLedger.class, List.of("reserve", "release"), call -> {
                            if (call.is("reserve")) {
                                call.memory().put("reserved", true);
                            } else if (!call.said("reserved")) {
                                throw new IllegalStateException("it holds nothing");
                            }
                            return call.proceed();
                        }),
                on("free", "freeNamesEveryPool", call -> {
                    Map<String, Integer> free = free(call);
                    free.remove("os");
                    return free;
                }),
                on(
                        "reserve",
                        "grantOutlivesACrash",
                        call -> call.crashed() ? Optional.of(invented(call)) : call.proceed()),
                on(
                        "reserve",
                        "unreachableLedgerFailsInsteadOfGrantingNothing",
                        swallowing("timed out", Optional.empty())),
                on("reserve", "noCallOutlastsItsTimeOut", outlasting()));
    }
}
