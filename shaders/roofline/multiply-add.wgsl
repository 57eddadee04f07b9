// Peak of multiply-adds: independent chains in registers, nothing read, one number written per invocation.
//   formula       x_k <- factor x_k + summand, `steps` times, k < chains; out = sum_k x_k over the components of `lane`
//   writes        sums[invocation]
//   grid          x: THREADS invocations per workgroup
//   exactness     exact for factor = summand = 1 while sums stay below 2^24; 2 flops per step, chain and component
// `lane` and run_chains come from src/kernels/roofline.ts, which writes the chains out so that they live in registers.

override THREADS: u32 = 64u;

@compute @workgroup_size(THREADS)
fn main(@builtin(local_invocation_index) lane_index: u32, @builtin(workgroup_id) group: vec3u) {
  let at = (launch.first_group + group.x) * THREADS + lane_index;
  sums[at] = run_chains(lane(f32(at % 16u)), lane(launch.factor), lane(launch.summand), launch.steps);
}
