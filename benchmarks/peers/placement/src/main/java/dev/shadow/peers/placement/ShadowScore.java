package dev.shadow.peers.placement;

import ai.timefold.solver.core.api.score.buildin.hardsoftlong.HardSoftLongScore;
import ai.timefold.solver.core.api.score.calculator.IncrementalScoreCalculator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Scores shadows incrementally: a change reckons anew only the hosts that it concerns, and the sums of all others stand. */
public class ShadowScore implements IncrementalScoreCalculator<ShadowPlan, HardSoftLongScore> {
    private ShadowInstance in;
    private long hard;
    private long soft;
    private ShadowEntity[][] shadowsOf;
    private List<List<ShadowEntity>> onHost;
    private long[] hostHard;
    private long[] hostSoft;
    private boolean[] isDirty;
    private int[] dirty;
    private int dirtyCount;
    private int[][] licensed;
    private long[] newUnits;
    private Map<Long, Integer> members;
    private final Map<Long, long[]> loads = new HashMap<>();
    private long[] worst;

    @Override
    public void resetWorkingSolution(ShadowPlan plan) {
        in = plan.instance;
        hard = 0;
        soft = 0;
        shadowsOf = new ShadowEntity[in.vms][];
        onHost = new ArrayList<>();
        members = new HashMap<>();
        for (int h = 0; h < in.hosts; h++) {
            onHost.add(new ArrayList<>());
        }
        for (int i = 0; i < in.vms; i++) {
            shadowsOf[i] = new ShadowEntity[in.shadows[i]];
            if (in.group[i] >= 0) {
                members.merge(key(in.group[i], in.primary[i]), 1, Integer::sum);
            }
        }
        hostHard = new long[in.hosts];
        hostSoft = new long[in.hosts];
        isDirty = new boolean[in.hosts];
        dirty = new int[in.hosts];
        dirtyCount = 0;
        licensed = new int[in.licences][in.hosts];
        newUnits = new long[in.licences];
        worst = new long[in.periods + 1];
        for (int h = 0; h < in.hosts; h++) {
            touch(h);
        }
        for (ShadowEntity shadow : plan.shadows) {
            insert(shadow);
        }
    }

    private long key(int first, int second) {
        return (long) first << 32 | second;
    }

    @Override
    public void beforeEntityAdded(Object entity) {}

    @Override
    public void afterEntityAdded(Object entity) {
        insert((ShadowEntity) entity);
    }

    @Override
    public void beforeVariableChanged(Object entity, String variable) {
        retract((ShadowEntity) entity);
    }

    @Override
    public void afterVariableChanged(Object entity, String variable) {
        insert((ShadowEntity) entity);
    }

    @Override
    public void beforeEntityRemoved(Object entity) {
        retract((ShadowEntity) entity);
    }

    @Override
    public void afterEntityRemoved(Object entity) {}

    @Override
    public HardSoftLongScore calculateScore() {
        for (int i = 0; i < dirtyCount; i++) {
            int host = dirty[i];
            isDirty[host] = false;
            hard -= hostHard[host];
            soft -= hostSoft[host];
            reckon(host);
            hard += hostHard[host];
            soft += hostSoft[host];
        }
        dirtyCount = 0;
        return HardSoftLongScore.of(-hard, -soft);
    }

    private void touch(int host) {
        if (!isDirty[host]) {
            isDirty[host] = true;
            dirty[dirtyCount++] = host;
        }
    }

    private void insert(ShadowEntity shadow) {
        shadowsOf[shadow.vm][shadow.rank] = shadow;
        if (shadow.host != null) {
            onHost.get(shadow.host).add(shadow);
            change(shadow, 1);
        }
    }

    private void retract(ShadowEntity shadow) {
        if (shadow.host != null) {
            onHost.get(shadow.host).remove(shadow);
            change(shadow, -1);
        }
    }

    private void change(ShadowEntity shadow, int sign) {
        int vm = shadow.vm;
        int host = shadow.host;
        touch(host);
        if (shadow.rank == 0 && in.failingHosts >= 2 && shadowsOf[vm].length > 1 && shadowsOf[vm][1] != null) {
            Integer second = shadowsOf[vm][1].host;
            if (second != null) {
                touch(second);
            }
        }
        soft += sign * in.link(vm, host);
        boolean shares = host == in.primary[vm] || in.tier[vm] >= 2 && in.rackOf[host] == in.rackOf[in.primary[vm]];
        hard += shares ? sign * 100_000L : 0;
        for (ShadowEntity other : shadowsOf[vm]) {
            if (other != null && other != shadow && other.host != null && in.rackOf[other.host] == in.rackOf[host]) {
                hard += sign * 100_000L;
            }
        }
        if (in.group[vm] >= 0) {
            int count = members.merge(key(in.group[vm], host), sign, Integer::sum);
            if (sign > 0 ? count > 1 : count > 0) {
                hard += sign * 100_000L;
            }
        }
        int l = in.licence[vm];
        if (l >= 0) {
            int count = licensed[l][host] += sign;
            if (sign > 0 ? count == 1 : count == 0) {
                hard -= Math.max(0, newUnits[l] - in.poolUnits[l]) * 10_000L;
                newUnits[l] += (long) sign * in.units[l][host];
                hard += Math.max(0, newUnits[l] - in.poolUnits[l]) * 10_000L;
                soft += sign * in.units[l][host] * in.unitPrice[l];
            }
        }
    }

    /** Reserve and overload of one host under every event. Kinds of events: zone 0, rack 1, host 2; pairs by hosts. */
    private void reckon(int host) {
        int periods = in.periods;
        loads.clear();
        long standbyCpu = 0;
        long standbyMem = 0;
        long disk = 0;
        for (ShadowEntity shadow : onHost.get(host)) {
            int vm = shadow.vm;
            standbyCpu += in.standbyCpu[vm];
            standbyMem += in.standbyMem[vm];
            disk += in.disk[vm];
            int primary = in.primary[vm];
            if (shadow.rank == 0) {
                if (in.tier[vm] >= 3) {
                    add(in.zoneOf[primary], vm);
                }
                if (in.tier[vm] >= 2) {
                    add(1L << 60 | in.rackOf[primary], vm);
                }
                add(1L << 61 | primary, vm);
            } else if (shadow.rank == 1 && in.failingHosts >= 2 && shadowsOf[vm][0] != null) {
                Integer first = shadowsOf[vm][0].host;
                if (first != null) {
                    add(1L << 62 | key(Math.min(primary, first), Math.max(primary, first)), vm);
                }
            }
        }
        Arrays.fill(worst, 0);
        if (in.failingHosts >= 2) {
            worstPairs(host);
        }
        for (Map.Entry<Long, long[]> load : loads.entrySet()) {
            if (load.getKey() >> 62 == 0) {
                raise(load.getValue());
            }
        }
        long over = Math.max(0, in.primaryDisk[host] + disk - in.capacity[host][2]);
        over += Math.max(0, in.primaryMem[host] + standbyMem + worst[periods] - in.capacity[host][1]);
        long reserve = 0;
        for (int t = 0; t < periods; t++) {
            reserve = Math.max(reserve, worst[t]);
            over += Math.max(0, in.primaryCpu[host * periods + t] + standbyCpu + worst[t] - in.capacity[host][0]);
        }
        hostHard[host] = over;
        hostSoft[host] = (standbyCpu + reserve) * in.price[host][0]
                + (standbyMem + worst[periods]) * in.price[host][1]
                + disk * in.price[host][2];
    }

    private void add(long event, int vm) {
        long[] load = loads.computeIfAbsent(event, e -> new long[in.periods + 1]);
        for (int t = 0; t < in.periods; t++) {
            load[t] += in.extraCpu[vm * in.periods + t];
        }
        load[in.periods] += in.extraMem[vm];
    }

    private void raise(long[] load) {
        for (int t = 0; t < load.length; t++) {
            worst[t] = Math.max(worst[t], load[t]);
        }
    }

    private void worstPairs(int host) {
        int width = in.periods + 1;
        long[] largest = new long[width];
        long[] second = new long[width];
        for (Map.Entry<Long, long[]> load : loads.entrySet()) {
            long event = load.getKey();
            if (event >> 61 == 1) {
                for (int t = 0; t < width; t++) {
                    long amount = load.getValue()[t];
                    if (amount > largest[t]) {
                        second[t] = largest[t];
                        largest[t] = amount;
                    } else if (amount > second[t]) {
                        second[t] = amount;
                    }
                }
            } else if (event >> 62 == 1) {
                int a = (int) (event >> 32 & 0x3FFFFFFF);
                int b = (int) event;
                if (a != host && b != host) {
                    long[] first = loads.get(1L << 61 | a);
                    long[] other = loads.get(1L << 61 | b);
                    for (int t = 0; t < width; t++) {
                        long sum = load.getValue()[t]
                                + (first == null ? 0 : first[t])
                                + (other == null ? 0 : other[t]);
                        worst[t] = Math.max(worst[t], sum);
                    }
                }
            }
        }
        for (int t = 0; t < width; t++) {
            worst[t] = Math.max(worst[t], largest[t] + second[t]);
        }
    }
}
