export interface QueueLimits {
  /** At once, of posts that have just begun. */
  posts: number;
  /** Past this a post no longer takes one of those places. In milliseconds. */
  slowAfterMs: number;
  /** At once, of those that take long: endpoints that have such wait for them. */
  slowPosts: number;
}

export const defaultLimits: QueueLimits = { posts: 256, slowAfterMs: 500, slowPosts: 1_024 };
