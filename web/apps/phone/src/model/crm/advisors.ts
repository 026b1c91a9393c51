/** An advisor of the demo with their résumé: made up, and only in this page. */
export interface Advisor {
  /** The service's name for them. */
  id: string;
  name: string;
  title: string;
  city: string;
  /** Which of the colours the picture has. */
  tone: 'blue' | 'green' | 'violet';
  years: number;
  clients: number;
  praise: string;
  about: string;
  skills: readonly string[];
  career: readonly { when: string; what: string; where: string }[];
  review: { who: string; text: string };
}

export const ADVISORS: readonly Advisor[] = [
  {
    id: 'advisor-li',
    name: '李静',
    title: '高级留学规划顾问',
    city: '广州',
    tone: 'blue',
    years: 9,
    clients: 426,
    praise: '98%',
    about:
      '从背景梳理到拿到录取，一个人陪到底。先听您说清楚想要什么，再给两到三条走得通的路，每一步都写明时间和费用。',
    skills: ['英国硕士', '中国香港', '文书', '面试辅导'],
    career: [
      { when: '2021 至今', what: '高级留学规划顾问', where: '远帆教育' },
      { when: '2017 – 2021', what: '文书与申请顾问', where: '启明留学' },
      { when: '2016', what: '教育学硕士', where: '伦敦大学学院' },
    ],
    review: { who: '周女士', text: '回复很快，方案讲得明白，没有推销的感觉。孩子最后去了第一志愿。' },
  },
  {
    id: 'advisor-wang',
    name: '王磊',
    title: '职业发展顾问',
    city: '深圳',
    tone: 'green',
    years: 12,
    clients: 689,
    praise: '97%',
    about: '做过十年招聘，看过两万份简历。帮您把经历讲成对方想听的故事，也会告诉您哪些机会不值得去。',
    skills: ['转行', '简历修改', '薪资谈判', '模拟面试'],
    career: [
      { when: '2019 至今', what: '职业发展顾问', where: '自由执业' },
      { when: '2009 – 2019', what: '招聘负责人', where: '某互联网公司' },
    ],
    review: { who: '陈先生', text: '改完的简历一周约到五个面试，谈薪的时候心里也有底。' },
  },
  {
    id: 'advisor-chen',
    name: '陈晨',
    title: '家庭教育指导师',
    city: '佛山',
    tone: 'violet',
    years: 7,
    clients: 318,
    praise: '99%',
    about: '和孩子说话之前，先帮大人把心放平。不讲大道理，只讲今晚回家就能试一试的小办法。',
    skills: ['青春期沟通', '学习习惯', '亲子关系'],
    career: [
      { when: '2020 至今', what: '家庭教育指导师', where: '暖屋工作室' },
      { when: '2018 – 2020', what: '学校心理老师', where: '佛山某中学' },
    ],
    review: { who: '一位爸爸', text: '第一次觉得有人站在我们两个人中间，而不是站在我对面。' },
  },
];

export const advisorOf = (id: string | undefined): Advisor | undefined =>
  ADVISORS.find((advisor) => advisor.id === id);
